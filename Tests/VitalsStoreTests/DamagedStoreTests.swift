import Foundation
import GRDB
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsStore

@Suite("A damaged store is refused, left as it is, and copied")
struct DamagedStoreTests {
    /// What happened to it.
    enum Damage: CaseIterable {
        case header, halved, emptied, flippedPage, onePageOfZeroes, log

        func apply(to store: inout Data, log: inout Data) {
            switch self {
            case .header: store.replaceSubrange(0..<16, with: Data(repeating: 0x41, count: 16))
            case .halved: store = store.prefix(store.count / 2)
            case .emptied: store = Data()
            case .flippedPage:
                let page = store.count / 4_096 / 2 * 4_096
                for byte in page..<page + 4_096 { store[byte] ^= 0xA5 }
            case .onePageOfZeroes: store = Data(repeating: 0, count: 4_096)
            case .log: log = Data(repeating: 0x41, count: 10_000)
            }
        }
    }

    private let folder: TemporaryDirectory
    private let healthCheck = Fixture.healthCheck("orders-db", "sql")

    init() async throws {
        folder = try TemporaryDirectory()
        let store = try SQLiteStore(folder: folder.path)
        var batch = Batch()
        batch.registered = [Registration(of: healthCheck, at: Fixture.at(0))]
        batch.runs = (1...20_000).map { Fixture.pass(of: healthCheck.id, at: Fixture.at($0)) }
        try await store.record(batch)
        try store.close()
        _ = try SpoolFile(folder: folder.path, size: 10_000)
    }

    private func content(_ name: String) -> Data? {
        try? Data(contentsOf: URL(filePath: "\(folder.path)/\(name)"))
    }

    private var copies: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder.path)
                .filter { $0.hasPrefix("vitals.db.corrupt-") }.sorted()
        }
    }

    private func refused() throws -> String {
        let error = #expect(throws: StoreError.self) { try SQLiteStore(folder: folder.path) }
        guard let error, case .corrupt = error else {
            Issue.record("\(String(describing: error))")
            return ""
        }
        return error.description
    }

    private func write(_ data: Data, _ name: String = "vitals.db", changed second: Int64? = nil) throws {
        try data.write(to: URL(filePath: "\(folder.path)/\(name)"))
        guard let second else { return }
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: Double(second))],
            ofItemAtPath: "\(folder.path)/\(name)")
    }

    @Test("whatever happened to it, once however often it is tried", arguments: Damage.allCases)
    func damage(_ damage: Damage) throws {
        var (store, log) = (try #require(content("vitals.db")), Data())
        damage.apply(to: &store, log: &log)
        try write(store, changed: 1_795_219_200)
        if !log.isEmpty { try write(log, "vitals.db-wal") }
        for _ in 0..<3 {
            let message = try refused()
            #expect(message.contains("\(folder.path)/vitals.db"))
            #expect(message.contains("a copy is kept in \(folder.path)/vitals.db.corrupt-20261121T000000Z"))
            #expect(message.contains(".recover"))
        }
        #expect(content("vitals.db") == store)
        #expect(content("vitals.db.corrupt-20261121T000000Z") == store)
        #expect(content("vitals.db-wal") ?? Data() == log)
        #expect(content("vitals.db.corrupt-20261121T000000Z-wal") ?? Data() == log)
    }

    @Test("three times at most: whoever starts it again and again does not fill the disk")
    func bounded() throws {
        for round in 1...5 {
            try write(Data("nonsense \(round)".utf8), changed: 1_795_219_200 + Int64(round))
            let message = try refused()
            #expect(message.contains(round <= 3 ? "a copy is kept in" : "no copy was made"))
        }
        #expect(try copies.count == 3)
    }

    @Test("a log that stands alone is what a store's last hours were, and is not thrown away")
    func lonelyLog() throws {
        let log = Data([0x37, 0x7F, 0x06, 0x82] + [UInt8](repeating: 7, count: 5_000))
        try FileManager.default.removeItem(atPath: "\(folder.path)/vitals.db")
        try write(log, "vitals.db-wal")
        #expect(try refused().contains("is missing"))
        #expect(content("vitals.db-wal") == log)
        #expect(content("vitals.db") == nil)
    }

    @Test("one with rows in all its tables is whole")
    func whole() async throws {
        let store = try SQLiteStore(folder: folder.path)
        var batch = Batch()
        batch.evidence = [RunKey(healthCheck.id, Fixture.at(40_000))]
        batch.runs = [Fixture.fail(of: healthCheck.id, at: Fixture.at(40_000))]
        batch.misses = [
            Miss(of: healthCheck.id, from: Fixture.at(1), to: Fixture.at(2), count: 2, reason: .late)
        ]
        batch.transitions = [State.healthy, .degraded, .unhealthy].map {
            Transition(healthCheck.id, from: .unknown, to: $0, at: Fixture.at(40_000))
        }
        batch.openedEpisodes = [
            OpenedEpisode(id: EpisodeID("E1"), healthCheck: healthCheck.id, at: Fixture.at(1))
        ]
        batch.pages = [
            PageKey(healthCheck.id, ChannelID("ops")): Page(episode: EpisodeID("E1"), tellsRecovery: true)
        ]
        batch.cooldowns = [PageKey(healthCheck.id, ChannelID("ops")): Fixture.at(1)]
        batch.notifications = [
            Notification(
                id: NotificationID("N1"), channel: ChannelID("ops"), kind: .self, at: Fixture.at(1),
                createdAt: Fixture.at(1), episode: nil, healthCheck: nil, body: "{}")
        ]
        batch.resources = [
            ResourceChange(StoredResource(key: ResourceKey(.system, "shop"), body: "{}", version: 1))
        ]
        batch.heartbeats[healthCheck.id] = Heartbeat(listeningSince: Fixture.at(1))
        batch.pings = [
            HeardPing(
                of: healthCheck.id, at: Fixture.at(1), Ping(.log), dialect: .gatus, client: "", agent: "",
                body: "")
        ]
        let vital = Vital("connections", 7)
        batch.runs += [
            Run(
                of: healthCheck.id, at: Fixture.at(2), startedAt: Fixture.at(2), trigger: .manual,
                outcome: .pass, result: ProbeResult(latency: .zero, vitals: [vital]))
        ]
        batch.vitals[healthCheck.id] = KnownVitals([
            KnownVitals.Entry(vital, triedAt: Fixture.at(2), measuredAt: Fixture.at(2), level: nil)
        ])
        try await store.record(batch)
        try await store.setLastPrune(Fixture.at(1))
        #expect(try await store.rollUp(before: Fixture.at(90_000), limit: 100_000).isDone)
        let tables = try await store.database.read { database in
            try String.fetchAll(
                database,
                sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        }
        for table in tables {
            let sql = "SELECT count(*) FROM \(table)"
            #expect(try await store.database.read { try Int.fetchOne($0, sql: sql) } != 0, "\(table)")
        }
        try store.close()
        try SQLiteStore(folder: folder.path).close()
        #expect(try copies == [])
    }

    @Test("one that was moved away makes room for a new one, which says that it is new")
    func movedAway() throws {
        try FileManager.default.removeItem(atPath: "\(folder.path)/vitals.db")
        for isNew in [true, false] {
            let store = try SQLiteStore(folder: folder.path)
            #expect(store.isNew == isNew)
            try store.close()
        }
    }

    @Test("one that was killed while it wrote is whole, and no copy is made")
    func killed() async throws {
        let store = try SQLiteStore(folder: folder.path)
        var batch = Batch()
        batch.runs = [Fixture.pass(of: healthCheck.id, at: Fixture.at(30_000))]
        try await store.record(batch)
        let copy = try TemporaryDirectory()
        for file in ["vitals.db", "vitals.db-wal", "vitals.spool"] {
            try FileManager.default.copyItem(
                atPath: "\(folder.path)/\(file)", toPath: "\(copy.path)/\(file)")
        }
        try store.close()
        // The last commit was torn: SQLite leaves it out, and all before it stays.
        let log = try FileHandle(forUpdating: URL(filePath: "\(copy.path)/vitals.db-wal"))
        try log.seekToEnd()
        try log.write(contentsOf: Data(repeating: 0x5A, count: 1_000))
        try log.close()
        let again = try SQLiteStore(folder: copy.path)
        #expect(try await again.load().newest == Fixture.at(30_000))
        try again.close()
        let files = try FileManager.default.contentsOfDirectory(atPath: copy.path)
        #expect(!files.contains { $0.contains("corrupt") })
    }

    @Test("what was recovered with SQLite's own tool is a store again")
    func recovered() async throws {
        var (store, log) = (try #require(content("vitals.db")), Data())
        Damage.flippedPage.apply(to: &store, log: &log)
        try write(store)
        _ = try refused()
        let recover = try ChildProcess(
            [
                "sh", "-c",
                """
                cd '\(folder.path)' \
                && sqlite3 vitals.db .dump | sed 's/^ROLLBACK.*/COMMIT;/' | sqlite3 vitals.db.recovered \
                && mv vitals.db.recovered vitals.db && rm -f vitals.db-wal vitals.db-shm
                """,
            ], asUnprivileged: false)
        #expect(try await recover.waitForExit() == 0)
        let again = try SQLiteStore(folder: folder.path)
        #expect(try await again.load().healthChecks.count == 1)
        #expect(try await again.history(of: healthCheck.id, before: nil, limit: 10).count == 10)
        try again.close()
    }
}
