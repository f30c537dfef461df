import Foundation
import Glibc
import Testing
import VitalsCore
import VitalsTesting

/// The pages about SQLite, a file each.
@Suite("Fault book: SQLite", .oneOfAFew)
struct SQLiteFaults {
    /// Root may write anywhere; without its capabilities it is a user like any other.
    static let unprivileged =
        getuid() == 0 ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--"] : []

    /// A check that writes to a file on this disk.
    static func writing(to disk: PrivateDisk) async throws -> String {
        let path = disk.folder.file("app.db")
        try await disk.run(["sqlite3", path, "CREATE TABLE t(x)"])
        return "sqlite: { path: \"\(path)\", write: { provision: true } }"
    }
}

extension Trait where Self == ConditionTrait {
    /// Where the machine permits that a disk is mounted for a test.
    static var onPrivateDisk: ConditionTrait {
        .enabled(if: PrivateDisk.isPermitted, "this machine permits no mount in a namespace of one's own")
    }
}

/// A database file of a page's own, changed by the `sqlite3` program.
struct FaultFile: Sendable {
    let directory: TemporaryDirectory
    var path: String { directory.file("app.db") }

    init(_ sql: String = "CREATE TABLE t(x); INSERT INTO t VALUES (1)") async throws {
        directory = try TemporaryDirectory("vitals-fault")
        try await self.sql(sql)
    }

    @discardableResult
    func sql(_ text: String) async throws -> String {
        try await run(["sqlite3", "app.db", text], in: directory)
    }

    /// A program that holds what its statements took, until it is stopped.
    func hold(_ statements: String) async throws -> ChildProcess {
        let mark = directory.file("held-\(UInt32.random(in: .min ... .max))")
        let holder = try ChildProcess(
            ["sqlite3", "app.db", statements, ".shell touch \(mark)", ".shell sleep 600"],
            in: directory.path)
        try await eventually(that: "it is held") { FileManager.default.fileExists(atPath: mark) }
        return holder
    }

    /// Who may do what with the file and with its folder, as `chmod` takes it.
    func permit(_ mode: String, folder: String) async throws {
        try await run(["chmod", folder, "."], in: directory)
        try await run(["chmod", mode, "app.db"], in: directory)
    }

    var reading: String { "sqlite: \"\(path)\"" }

    func checking(_ settings: String) -> String { "sqlite: { path: \"\(path)\", \(settings) }" }
}
