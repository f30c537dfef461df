import Foundation
import GRDB
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsStore

@Suite("Opening the store")
struct OpeningTests {
    let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    @Test("makes the data folder for its owner alone, and those above it")
    func makesFolder() throws {
        let path = "\(folder.path)/new/data"
        let store = try SQLiteStore(folder: path)
        defer { #expect(throws: Never.self) { try store.close() } }
        #expect(try permissions(of: path) == 0o700)
        for file in try FileManager.default.contentsOfDirectory(atPath: path) {
            #expect(try permissions(of: "\(path)/\(file)") == 0o600, "\(file)")
        }
    }

    @Test("says which folder cannot be made and why")
    func impossibleFolder() throws {
        let file = "\(folder.path)/file"
        try Data().write(to: URL(filePath: file))
        let error = #expect(throws: StoreError.self) { try SQLiteStore(folder: "\(file)/data") }
        guard case .cannotOpen(let path, let reason)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(path == "\(file)/data")
        #expect(reason == "Not a directory")
    }

    @Test("leaves one file when it is closed, with all that was recorded")
    func closes() async throws {
        let store = try SQLiteStore(folder: folder.path)
        try await store.record(batch(Fixture.at(10)))
        try store.close()
        #expect(try files == ["vitals.db", "vitals.lock"])
        let again = try SQLiteStore(folder: folder.path)
        #expect(try await again.load().newest == Fixture.at(10))
        try again.close()
    }

    @Test("commits so that a power failure takes nothing")
    func durability() throws {
        let store = try SQLiteStore(folder: folder.path)
        defer { #expect(throws: Never.self) { try store.close() } }
        let (synchronous, journal) = try store.database.writeWithoutTransaction { database in
            (
                try Int.fetchOne(database, sql: "PRAGMA synchronous"),
                try String.fetchOne(database, sql: "PRAGMA journal_mode")
            )
        }
        #expect(synchronous == 2)
        #expect(journal == "wal")
    }

    @Test("finds after a crash what was recorded before it")
    func crash() async throws {
        let store = try SQLiteStore(folder: folder.path)
        try await store.record(batch(Fixture.at(10)))
        // What the disk holds at this instant is what a killed process leaves behind.
        let copy = try TemporaryDirectory()
        for file in ["vitals.db", "vitals.db-wal", "vitals.lock"] {
            try FileManager.default.copyItem(
                atPath: "\(folder.path)/\(file)", toPath: "\(copy.path)/\(file)")
        }
        try store.close()
        let again = try SQLiteStore(folder: copy.path)
        #expect(try await again.load().newest == Fixture.at(10))
        try again.close()
    }

    @Test("is refused while a later version's data is there, which stays as it is")
    func newerStore() throws {
        let store = try SQLiteStore(folder: folder.path)
        try store.database.write {
            try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('0042')")
        }
        try store.close()
        let before = try Data(contentsOf: URL(filePath: "\(folder.path)/vitals.db"))
        #expect(throws: StoreError.newerStore(found: 42, known: Migrations.known)) {
            try SQLiteStore(folder: folder.path)
        }
        #expect(try Data(contentsOf: URL(filePath: "\(folder.path)/vitals.db")) == before)
    }

    @Test(
        "is refused when the file is none of ours, which stays as it is", arguments: [17, 100, 4_096, 70_001])
    func junk(count: Int) throws {
        var random = SeededGenerator(seed: UInt64(count))
        let junk = Data((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
        try junk.write(to: URL(filePath: "\(folder.path)/vitals.db"))
        let error = #expect(throws: StoreError.self) { try SQLiteStore(folder: folder.path) }
        guard case .corrupt? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try Data(contentsOf: URL(filePath: "\(folder.path)/vitals.db")) == junk)
        #expect(try files.filter { !$0.contains(".corrupt-") } == ["vitals.db", "vitals.lock"])
    }

    @Test("brings an empty file up to date, and another time changes nothing")
    func migrations() throws {
        let schema = "SELECT group_concat(sql) FROM sqlite_master"
        var found: [String?] = []
        for _ in 0..<2 {
            let store = try SQLiteStore(folder: folder.path)
            found.append(try store.database.read { try String.fetchOne($0, sql: schema) })
            #expect(try store.database.read { try Migrations.found(in: $0) } == Migrations.known)
            try store.close()
        }
        #expect(found[0] == found[1])
        #expect(found[0]?.contains("WITHOUT ROWID") == true)
    }

    @Test("brings a store of any earlier form up to date, and what it held is still there", arguments: 1...2)
    func earlier(form: Int) async throws {
        let old = try DatabaseQueue(path: "\(folder.path)/vitals.db")
        try Migrations.apply(to: old, through: form)
        try await old.write { database in
            try database.execute(
                sql: """
                    INSERT INTO health_check
                        (id, system, check_id, revision, interval_us, enabled, state, since_us, failures)
                    VALUES ('orders-db.sql', 'orders-db', 'sql', '0a', 10000000, 1, 'unhealthy', 5, 7)
                    """)
        }
        try old.close()
        let store = try SQLiteStore(folder: folder.path)
        let known = try #require(await store.load().healthChecks[HealthCheckID("orders-db.sql")])
        #expect(known.evaluation.state == .unhealthy)
        #expect(known.evaluation.failures == 7)
        #expect(known.evaluation.recent == RecentRuns())
        #expect(known.registeredAt == Timestamp(microseconds: 0))
        try store.close()
    }

    private var files: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }

    private func permissions(of path: String) throws -> Int? {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue
    }

    private func batch(_ at: Timestamp) -> Batch {
        let healthCheck = Fixture.healthCheck("orders-db", "sql")
        var batch = Batch()
        batch.registered = [Registration(of: healthCheck, at: Fixture.at(0))]
        batch.runs = [Fixture.pass(of: healthCheck.id, at: at)]
        return batch
    }
}
