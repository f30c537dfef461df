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

    func resources() async throws -> [StoredResource] {
        try await ask { try await $0.resources() }
    }

    func record(_ batch: Batch) async throws {
        try await ask { try await $0.record(batch) }
    }

    func history(
        of healthCheck: HealthCheckID, before: Timestamp?, limit: Int
    ) async throws -> [HistoryItem] {
        try await ask { try await $0.history(of: healthCheck, before: before, limit: limit) }
    }

    func pings(
        of healthCheck: HealthCheckID, before: Timestamp?, limit: Int
    ) async throws -> [HeardPing] {
        try await ask { try await $0.pings(of: healthCheck, before: before, limit: limit) }
    }

    func readings(
        of vital: String, _ healthCheck: HealthCheckID, in range: Range<Timestamp>, limit: Int
    ) async throws -> [VitalReading] {
        try await ask { try await $0.readings(of: vital, healthCheck, in: range, limit: limit) }
    }

    func samples(
        of healthCheck: HealthCheckID, in range: Range<Timestamp>, limit: Int
    ) async throws -> [Sample] {
        try await ask { try await $0.samples(of: healthCheck, in: range, limit: limit) }
    }

    func misses(
        of healthCheck: HealthCheckID, in range: Range<Timestamp>, limit: Int
    ) async throws -> [Miss] {
        try await ask { try await $0.misses(of: healthCheck, in: range, limit: limit) }
    }

    func tallies(
        of healthCheck: HealthCheckID, by tier: Tier, in range: Range<Timestamp>
    ) async throws -> Tallies {
        try await ask { try await $0.tallies(of: healthCheck, by: tier, in: range) }
    }

    func episodes(_ query: PastEpisode.Query) async throws -> [PastEpisode] {
        try await ask { try await $0.episodes(query) }
    }

    func transitions(_ query: PastTransition.Query) async throws -> [PastTransition] {
        try await ask { try await $0.transitions(query) }
    }

    func deliveries(after: Int64, limit: Int) async throws -> [Delivery] {
        try await ask { try await $0.deliveries(after: after, limit: limit) }
    }

    func rollUp(before instant: Timestamp, limit: Int) async throws -> RollUp {
        try await ask { try await $0.rollUp(before: instant, limit: limit) }
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

    func prune(_ tier: Tier, before cutoff: Timestamp, limit: Int) async throws -> Int {
        try await ask { try await $0.prune(tier, before: cutoff, limit: limit) }
    }

    func setLastPrune(_ at: Timestamp) async throws {
        try await ask { try await $0.setLastPrune(at) }
    }

    func extent() async throws -> StoreExtent {
        try await ask { try await $0.extent() }
    }

    func close() throws {}
}
