import GRDB
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsStore

@Suite("A store in trouble")
struct TroubleTests {
    private let healthCheck = Fixture.healthCheck("orders-db", "sql")
    private let folder: TemporaryDirectory
    private let store: SQLiteStore

    init() async throws {
        folder = try TemporaryDirectory()
        store = try SQLiteStore(folder: folder.path)
        var batch = Batch()
        batch.registered = [Registration(of: healthCheck, at: Fixture.at(0))]
        try await store.record(batch)
    }

    private func runs(_ seconds: ClosedRange<Int64>) -> Batch {
        var batch = Batch()
        batch.runs = seconds.map { Fixture.pass(of: healthCheck.id, at: Fixture.at($0)) }
        return batch
    }

    private func set(_ pragma: String) async throws {
        try await store.database.writeWithoutTransaction { _ = try Row.fetchAll($0, sql: "PRAGMA \(pragma)") }
    }

    @Test("whose disk is full records nothing of a batch, and all of it when there is room again")
    func full() async throws {
        try await store.record(runs(1...10))
        try await set("max_page_count = 1")
        let large = runs(11...10_000)
        let before = try await store.load()
        for _ in 0..<2 {
            await #expect(throws: StoreError.unavailable("database or disk is full")) {
                try await store.record(large)
            }
            #expect(try await store.load() == before)
        }
        try await set("max_page_count = 1073741823")
        try await store.record(large)
        #expect(try await store.load().newest == Fixture.at(10_000))
        try store.close()
    }

    @Test("that is read-only says so and can still be read")
    func readOnly() async throws {
        try await set("query_only = 1")
        await #expect(throws: StoreError.unavailable("attempt to write a readonly database")) {
            try await store.record(runs(1...1))
        }
        #expect(try await store.load().healthChecks.count == 1)
        try await set("query_only = 0")
        try await store.record(runs(1...1))
        #expect(try await store.load().newest == Fixture.at(1))
        try store.close()
    }

    @Test("with a row that nobody wrote says which one", arguments: ["run", "evidence"])
    func damagedRow(table: String) async throws {
        var batch = Batch()
        batch.runs = [Fixture.fail(of: healthCheck.id, at: Fixture.at(1))]
        batch.evidence = [RunKey(healthCheck.id, Fixture.at(1))]
        try await store.record(batch)
        try await store.database.write { try $0.execute(sql: "UPDATE \(table) SET packed = x'ff00'") }
        let error = await #expect(throws: StoreError.self) {
            try await store.history(of: healthCheck.id, before: nil, limit: 10)
        }
        guard case .corrupt(let what)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(what.contains(Fixture.at(1).iso8601))
        try store.close()
    }

    @Test("that was closed refuses everything")
    func closed() async throws {
        try store.close()
        await #expect(throws: StoreError.self) { try await store.record(runs(1...1)) }
        await #expect(throws: StoreError.self) { try await store.load() }
    }

    @Test("records what it was given although the task that gave it was cancelled")
    func cancelled() async throws {
        let batch = runs(1...1)
        let store = store
        await withTaskGroup(of: Void.self) { group in
            group.cancelAll()
            group.addTask { await #expect(throws: Never.self) { try await store.record(batch) } }
        }
        #expect(try await store.load().newest == Fixture.at(1))
        try store.close()
    }

    @Test("finds the last slot behind thousands of manual runs")
    func manualRuns() async throws {
        try await store.record(runs(1...1))
        var batch = Batch()
        batch.runs = (2...5_000).map {
            Fixture.pass(of: healthCheck.id, at: Fixture.at($0), trigger: .manual)
        }
        try await store.record(batch)
        #expect(try await store.load().healthChecks[healthCheck.id]?.lastSlot == Fixture.at(1))
        try store.close()
    }
}
