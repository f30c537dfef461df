import Foundation
import Testing
import VitalsTesting

/// The tables of a store, read by SQLite's own program: no code is shared with what wrote them.
struct StoredTables: Sendable {
    private let folder: TemporaryDirectory
    private let file: String

    init(of server: VitalsServer) throws {
        folder = try TemporaryDirectory()
        file = server.data.appending(path: "vitals.db").path
    }

    /// The rows of a query, by the names of their columns.
    func rows(_ query: String) async throws -> [JSONValue] {
        let text = try await run(["sqlite3", "-json", file, query], in: folder, asUnprivileged: false)
        return text.isEmpty ? [] : try JSONValue(parsing: text).items
    }

    /// The only number that a query gives.
    func number(_ query: String) async throws -> Int {
        let text = try await run(["sqlite3", file, query], in: folder, asUnprivileged: false)
        return try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    }
}
