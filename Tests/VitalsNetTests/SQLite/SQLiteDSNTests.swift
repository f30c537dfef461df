import Testing
import VitalsEngine

@testable import VitalsNet

@Suite("A SQLite target")
struct SQLiteDSNTests {
    @Test(
        "names a file",
        arguments: [
            ("/var/lib/app.db", "/var/lib/app.db"),
            ("app.db", "app.db"),
            ("a%20b?.db", "a%20b?.db"),
            ("C:/app.db", "C:/app.db"),
            ("file:app.db?mode=ro", "app.db"),
            ("file:/var/app.db", "/var/app.db"),
            ("file:///var/app.db", "/var/app.db"),
            ("FILE://localhost/var/a%20b.db?mode=rw", "/var/a b.db"),
            ("file:///var/app.db?mode=rw#part", "/var/app.db"),
            ("file:////two/slashes.db", "//two/slashes.db"),
            ("sqlite:////var/app.db", "/var/app.db"),
            ("sqlite:///app.db", "app.db"),
            ("sqlite:app.db", "app.db"),
            ("sqlite3:////var/a%20b.db", "/var/a%20b.db"),
        ])
    func path(text: String, path: String) throws {
        let dsn = try SQLiteDSN.parse(text)
        #expect(dsn.path == path)
        #expect(try SQLiteDSN.parse(dsn.shown).path == path)
        #expect(!dsn.isImmutable)
    }

    @Test(
        "that cannot be a file is refused",
        arguments: [
            "", "file:", "sqlite:", "sqlite://", "sqlite:///", ":memory:", "file::memory:",
            "sqlite:///:memory:",
            "file:x?mode=memory", "file://host/x.db", "sqlite://host/x.db", "file:a%zz.db", "file:a%00.db",
            "a\0b", String(repeating: "x", count: 4_096),
        ])
    func refused(text: String) {
        #expect(throws: TargetError.self) { try SQLiteDSN.parse(text) }
    }

    @Test(
        "says what will not be done",
        arguments: [
            ("file:x?mode=rwc", 1), ("file:x?cache=shared&vfs=unix-none", 2), ("file:x?mode=rw", 0),
            ("file:x?zzz=1", 1), ("sqlite:///x.db", 1), ("sqlite:////x.db", 0),
        ])
    func warnings(text: String, count: Int) throws {
        #expect(try SQLiteDSN.parse(text).warnings.count == count)
    }

    @Test("may be vouched for")
    func immutable() throws {
        let dsn = try SQLiteDSN.parse("file:///x.db?immutable=1")
        #expect(dsn.isImmutable)
        #expect(dsn.shown == "file:/x.db?immutable=1")
        #expect(try dsn != SQLiteDSN.parse("file:///x.db"))
        let network = try TestNetwork()
        #expect(throws: TargetError.self) {
            try SQLiteProbe(
                parsing: "file:///x.db?immutable=1", wantsWriting: true, loops: network.loops,
                threads: BlockingThreads(1))
        }
    }
}
