import Testing
import VitalsCore
import VitalsEngine
import VitalsStore

/// A store that is opened for every single thing it is asked, and closed again.
struct ReopeningStore: Store {
    let folder: String

    private func ask<Answer>(_ body: (SQLiteStore) async throws -> Answer) async throws -> Answer {
        while true {
            do {
                let store = try SQLiteStore(folder: folder)
                defer { #expect(throws: Never.self) { try store.close() } }
                return try await body(store)
            } catch StoreError.locked {
                await Task.yield()
            }
        }
    }

    func load() async throws -> StoredState {
        try await ask { try await $0.load() }
    }

    func record(_ batch: Batch) async throws {
        try await ask { try await $0.record(batch) }
    }

    func history(
        of healthCheck: HealthCheckID, before: Timestamp?, limit: Int
    ) async throws -> [HistoryItem] {
        try await ask { try await $0.history(of: healthCheck, before: before, limit: limit) }
    }

    func deliveries(after: Int64, limit: Int) async throws -> [Delivery] {
        try await ask { try await $0.deliveries(after: after, limit: limit) }
    }

    func notification(_ id: NotificationID) async throws -> KnownNotification? {
        try await ask { try await $0.notification(id) }
    }

    func lastPrune() async throws -> Timestamp? {
        try await ask { try await $0.lastPrune() }
    }

    func prune(before cutoff: Timestamp, limit: Int) async throws -> Int {
        try await ask { try await $0.prune(before: cutoff, limit: limit) }
    }

    func setLastPrune(_ at: Timestamp) async throws {
        try await ask { try await $0.setLastPrune(at) }
    }

    func extent() async throws -> StoreExtent {
        try await ask { try await $0.extent() }
    }

    func close() throws {}
}
