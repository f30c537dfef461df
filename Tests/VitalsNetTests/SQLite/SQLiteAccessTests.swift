import Glibc
import NIOCore
import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

/// What the rights of our user mean. The calls are made as another user when the tests run as root, which
/// may read whatever there is.
@Suite("The SQLite probe, without rights")
struct SQLiteAccessTests {
    private static let nobody: uid_t = 65_534

    /// `setfsuid`, which no module has: of this thread alone, unlike `seteuid`.
    private static let setUser: (@convention(c) (uid_t) -> CInt)? =
        dlsym(nil, "setfsuid").map { unsafeBitCast($0, to: (@convention(c) (uid_t) -> CInt).self) }

    /// Looks at the file on this thread, as a user without rights.
    private func look(_ path: String, writes: Bool = false) throws -> String {
        let inspection = SQLiteInspection(
            dsn: try SQLiteDSN.parse(path), wantsWriting: writes, patience: .milliseconds(10),
            vitals: SQLiteVitals(path: path) { _ in false })
        let ticket = RunTicket(startingIn: .connect, timeout: .seconds(10))
        #expect(ticket.begin(at: .now()))
        let become = try #require(Self.setUser)
        _ = become(Self.nobody)
        var fault: Fault?
        inspection.perform(ticket) { fault = $0.fault }
        _ = become(geteuid())
        return ProbeResult(fault: fault, latency: .zero).verdict
    }

    private func folder(_ statements: String, mode: mode_t, folderMode: mode_t) throws -> SQLiteFolder {
        let folder = try SQLiteFolder()
        let path = try folder.make("app.db", statements)
        guard chmod(path, mode) == 0, chmod(folder.directory.path, folderMode) == 0 else {
            throw SystemError("chmod")
        }
        // The folder belongs to the user whose rights are taken.
        guard getuid() != 0 || chown(folder.directory.path, 0, 0) == 0 else { throw SystemError("chown") }
        return folder
    }

    @Test(
        "is told why",
        arguments: [
            ("CREATE TABLE t(x)", 0o000, 0o755, false, "privilege in connect (SQLITE_CANTOPEN)"),
            ("CREATE TABLE t(x)", 0o644, 0o000, false, "privilege in connect (EACCES)"),
            ("CREATE TABLE t(x)", 0o444, 0o555, false, "pass"),
            ("CREATE TABLE t(x)", 0o444, 0o555, true, "privilege in write (SQLITE_READONLY)"),
            ("PRAGMA journal_mode=wal; CREATE TABLE t(x)", 0o444, 0o555, false, "pass"),
        ] as [(String, mode_t, mode_t, Bool, String)])
    func rights(statements: String, mode: mode_t, folderMode: mode_t, writes: Bool, verdict: String) throws {
        let folder = try folder(statements, mode: mode, folderMode: folderMode)
        // So that it can be removed.
        defer { chmod(folder.directory.path, 0o755) }
        let before = folder.names
        #expect(try look(folder.file("app.db"), writes: writes) == verdict)
        #expect(folder.names == before)
    }

    @Test("a log beside the database that cannot be used is our right to mend")
    func logOfAnother() throws {
        let folder = try folder("PRAGMA journal_mode=wal; CREATE TABLE t(x)", mode: 0o644, folderMode: 0o755)
        // As a crash leaves it: a log, and no index of it.
        try folder.write("app.db-wal", folder.bytes("app.db"))
        guard chmod(folder.file("app.db-wal"), 0o000) == 0 else { throw SystemError("chmod") }
        let verdict = try look(folder.file("app.db"))
        #expect(verdict.hasPrefix("privilege in read"), "\(verdict)")
    }
}
