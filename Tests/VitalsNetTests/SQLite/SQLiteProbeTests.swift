import Glibc
import NIOCore
import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

@Suite("The SQLite probe")
struct SQLiteProbeTests {
    @Test("tells what it found", arguments: ["delete", "wal"], [false, true])
    func passes(mode: String, writes: Bool) async throws {
        let folder = try SQLiteFolder()
        let path = try folder.make(
            "app.db", "PRAGMA journal_mode=\(mode); PRAGMA user_version=7; CREATE TABLE t(x)")
        let result = try await folder.probe(path, writes: writes)
        #expect(result.verdict == "pass", "\(result)")
        #expect(result.phases.map(\.phase) == [.connect, .read] + (writes ? [.write] : []))
        #expect(result.facts[.journalMode] == .text(mode))
        #expect(result.facts[.userVersion] == .number(7))
        #expect(result.facts[.pageSize] == .number(4_096))
        #expect(result.facts[.pageCount] == .number(2))
        #expect(result.facts[.fileBytes] == .number(8_192))
        guard case .text(let version) = result.facts[.libraryVersion] else {
            Issue.record("no version")
            return
        }
        #expect(version.hasPrefix("SQLite 3."))
    }

    @Test("makes no file and changes none", arguments: ["delete", "wal"])
    func leavesNothing(mode: String) async throws {
        let folder = try SQLiteFolder()
        let path = try folder.make("app.db", "PRAGMA journal_mode=\(mode); CREATE TABLE t(x)")
        let before = folder.bytes("app.db")
        #expect(folder.names == ["app.db"])
        #expect(try await folder.probe(path).verdict == "pass")
        #expect(folder.names == ["app.db"])
        #expect(folder.bytes("app.db") == before)
        #expect(try await folder.probe(path, writes: true).verdict == "pass")
        #expect(folder.names == ["app.db"])
        #expect(folder.bytes("app.db") == before)
    }

    @Test("a missing file is down, and not made", arguments: ["?mode=rw", "?mode=rwc", ""], [false, true])
    func missing(query: String, writes: Bool) async throws {
        let folder = try SQLiteFolder()
        let result = try await folder.probe("file:\(folder.file("no.db"))\(query)", writes: writes)
        #expect(result.verdict == "db_missing in connect (ENOENT)")
        #expect(folder.names == [])
        let inside = try await folder.probe(folder.file("no/such/folder.db"))
        #expect(inside.verdict == "db_missing in connect (ENOENT)")
        try folder.write("file", [1])
        let beneath = try await folder.probe(folder.file("file/app.db"))
        #expect(beneath.verdict == "db_missing in connect (ENOTDIR)")
    }

    @Test("what is no file is told, and never opened")
    func noFile() async throws {
        let folder = try SQLiteFolder()
        #expect(
            try await folder.probe(folder.directory.path).verdict == "bad_configuration in connect (EISDIR)")
        guard mkfifo(folder.file("fifo"), 0o644) == 0 else { throw SystemError("mkfifo") }
        #expect(
            try await folder.probe(folder.file("fifo")).verdict == "bad_configuration in connect (ENOTSUP)")
        try folder.write("empty.db", [])
        #expect(try await folder.probe(folder.file("empty.db")).verdict == "db_missing in connect (empty)")
        guard symlink(folder.file("loop"), folder.file("loop")) == 0 else { throw SystemError("symlink") }
        #expect(try await folder.probe(folder.file("loop")).verdict == "bad_configuration in connect (ELOOP)")
    }

    @Test("a file that is no database, or damaged, is corrupt")
    func corrupt() async throws {
        let folder = try SQLiteFolder()
        try folder.write("junk.db", Array("This is not a database at all, only text that is long.".utf8))
        #expect(
            try await folder.probe(folder.file("junk.db")).verdict == "corruption in read (SQLITE_NOTADB)")
        let table = "CREATE TABLE t(x); INSERT INTO t VALUES(1)"
        try folder.make("app.db", "\(table); CREATE TABLE u(x)")
        let whole = folder.bytes("app.db")
        try folder.write("cut.db", Array(whole.prefix(4_096)))
        let cut = try await folder.probe(folder.file("cut.db"))
        #expect(cut.fault?.cause == .corruption, "\(cut)")
        var bytes = whole
        for index in 100..<108 { bytes[index] = 0xEE }
        try folder.write("page.db", bytes)
        let page = try await folder.probe(folder.file("page.db"), writes: true)
        #expect(page.fault?.cause == .corruption, "\(page)")
        #expect(page.fault?.phase == .read)
    }

    @Test("a lock of another program is told")
    func locked() async throws {
        let folder = try SQLiteFolder()
        let path = try folder.make("app.db")
        let other = try OtherProgram(path)
        try other.perform("BEGIN EXCLUSIVE")
        #expect(try await folder.probe(path).verdict == "lock_timeout in read (SQLITE_BUSY)")
        try other.perform("ROLLBACK; BEGIN IMMEDIATE")
        #expect(try await folder.probe(path).verdict == "pass")
        let writing = try await folder.probe(path, writes: true)
        #expect(writing.verdict == "lock_timeout in write (SQLITE_BUSY)")
        try other.perform("ROLLBACK")
        #expect(try await folder.probe(path, writes: true).verdict == "pass")
    }

    @Test("a database in use with a write-ahead log is read as it is now")
    func inUse() async throws {
        let folder = try SQLiteFolder()
        let path = try folder.make("app.db", "PRAGMA journal_mode=wal; CREATE TABLE t(x)")
        let other = try OtherProgram(path)
        try other.perform("PRAGMA user_version=9; BEGIN IMMEDIATE; INSERT INTO t VALUES(1)")
        let before = folder.names
        #expect(before == ["app.db", "app.db-shm", "app.db-wal"])
        let result = try await folder.probe(path)
        #expect(result.verdict == "pass")
        #expect(result.facts[.userVersion] == .number(9))
        #expect(result.facts[.journalMode] == .text("wal"))
        #expect(folder.names == before)
        #expect(try await folder.probe(path, writes: true).verdict == "lock_timeout in write (SQLITE_BUSY)")
    }

    @Test("a run that is over says nothing of what it cannot see")
    func cancelled() async throws {
        let folder = try SQLiteFolder()
        let path = try folder.make("app.db")
        let inspection = SQLiteInspection(
            dsn: try SQLiteDSN.parse(path), wantsWriting: true, patience: .milliseconds(10),
            vitals: SQLiteVitals(path: path) { _ in true })
        let ticket = RunTicket(startingIn: .connect, timeout: .seconds(1))
        #expect(ticket.begin(at: .now()))
        #expect(ticket.cancel())
        inspection.perform(ticket) { verdict in
            #expect(verdict.fault?.code ?? "SQLITE_INTERRUPT" == "SQLITE_INTERRUPT")
        }
        #expect(ticket.end())
    }
}
