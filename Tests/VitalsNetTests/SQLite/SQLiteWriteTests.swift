import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite("The write probe of SQLite")
struct SQLiteWriteTests {
    private static func settings(_ values: [String: Settings.Value] = [:]) throws -> WriteSettings {
        try WriteSettings(Settings(values), usual: SQLiteHeartbeat.usualTable)
    }

    @Test("keeps one row, and makes its table only if it is told to", arguments: ["delete", "wal"])
    func writes(mode: String) async throws {
        let folder = try SQLiteFolder()
        let path = try folder.make("app.db", "PRAGMA journal_mode=\(mode); CREATE TABLE t(x)")
        let before = folder.bytes("app.db")
        let missing = try await folder.probe(path, heartbeat: Self.settings())
        #expect(missing.verdict == "not_provisioned in write (SQLITE_ERROR)")
        #expect(folder.bytes("app.db") == before)
        for _ in 1...20 {
            let result = try await folder.probe(
                path, heartbeat: Self.settings(["provision": .flag(true)]))
            #expect(result.verdict == "pass", "\(result)")
            #expect(result.facts[.write] == .text("done"))
            #expect(result.phases.map(\.phase) == [.connect, .read, .write])
        }
        #expect(try await folder.probe(path, heartbeat: Self.settings()).verdict == "pass")
        // The verdict is told before the file is closed, and of two that close it at once neither may be the
        // last, who takes the log away: the next one does.
        var written = 21
        try await eventually(that: "nothing is left beside it") {
            if folder.names != ["app.db"] {
                let result = try await folder.probe(path, heartbeat: Self.settings())
                #expect(result.verdict == "pass")
                written += 1
            }
            return folder.names == ["app.db"]
        }
        let rows = try await run(
            ["sqlite3", path, "SELECT count(*), max(seq) FROM _vitals_heartbeat"], in: folder.directory,
            asUnprivileged: false)
        #expect(rows == "1|\(written)\n")
    }

    @Test("a table of one's own has a plain name")
    func table() throws {
        #expect(try Self.settings(["table": .text(TargetText("beats"))]).table == ["beats"])
        #expect(throws: TargetError.self) { try Self.settings(["table": .text(TargetText("a.b"))]) }
    }
}
