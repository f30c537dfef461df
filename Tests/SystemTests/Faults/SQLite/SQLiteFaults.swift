import Foundation
import Testing
import VitalsCore
import VitalsTesting

/// The pages about SQLite, a file each.
@Suite("Fault book: SQLite", .oneOfAFew)
struct SQLiteFaults {}

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

    var reading: String { "sqlite: \"\(path)\"" }

    func checking(_ settings: String) -> String { "sqlite: { path: \"\(path)\", \(settings) }" }
}
