import Testing
import VitalsCore
import VitalsEngine
import VitalsStore
import VitalsTesting

@Suite("A faulty store")
struct FaultyStoreTests {
    private let folder: TemporaryDirectory
    private let store: FaultyStore
    private let batch: Batch

    init() throws {
        folder = try TemporaryDirectory()
        store = FaultyStore(try SQLiteStore(folder: folder.path))
        var batch = Batch()
        batch.registered = [
            Registration(of: Fixture.healthCheck("orders-db", "sql"), at: Fixture.at(0))
        ]
        self.batch = batch
    }

    @Test("fails when it is told to, and then works again")
    func fails() async throws {
        store.fail([.record])
        await #expect(throws: FaultyStore.Failure(verb: .record)) { try await store.record(batch) }
        #expect(try await store.load().healthChecks.isEmpty)
        store.recover()
        try await store.record(batch)
        #expect(try await store.load().healthChecks.count == 1)
        #expect(store.calls(of: .record) == 2)
        #expect(store.calls(of: .load) == 2)
        #expect(store.calls(of: .prune) == 0)
    }

    @Test("may do what it is asked and say that it did not")
    func losesAnswers() async throws {
        store.loseAnswers(of: [.record])
        await #expect(throws: FaultyStore.Failure(verb: .record)) { try await store.record(batch) }
        #expect(try await store.load().healthChecks.count == 1)
    }

    @Test("is a store as long as it is well", arguments: StoreConformance.cases)
    func conforms(_ conformance: StoreConformance) async throws {
        try await conformance.body(store)
    }
}
