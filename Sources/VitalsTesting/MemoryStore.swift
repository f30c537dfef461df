import Synchronization
package import VitalsCore
package import VitalsEngine

/// A store in memory that passes the conformance suite: what tests use where no disk is meant.
package final class MemoryStore: Store {
    /// What a store throws that is asked to record something of a health check that nobody registered.
    package struct UnknownHealthCheck: Error, Equatable {
        package let id: HealthCheckID
    }

    private let tables = Mutex(MemoryTables())

    package init() {}

    /// Batches recorded so far.
    package var batches: Int { tables.withLock(\.batches) }

    /// Every run of a health check, oldest first, with what was kept of it.
    package func runs(of id: HealthCheckID) -> [Run] {
        tables.withLock { tables in
            tables.healthChecks[id].map { row in row.runs.map(row.shown) } ?? []
        }
    }

    /// Every miss of a health check, oldest first.
    package func misses(of id: HealthCheckID) -> [Miss] {
        tables.withLock { $0.healthChecks[id]?.misses ?? [] }
    }

    /// Every transition of a health check, oldest first.
    package func transitions(of id: HealthCheckID) -> [Transition] {
        tables.withLock { $0.healthChecks[id]?.transitions ?? [] }
    }

    /// Every episode, in the order of their beginnings, with its end if it has one.
    package var episodes: [(opened: OpenedEpisode, ended: EndedEpisode?)] {
        tables.withLock { tables in tables.opened.map { ($0, tables.ended[$0.id]) } }
    }

    package func load() async throws -> StoredState {
        tables.withLock { $0.state }
    }

    package func record(_ batch: Batch) async throws {
        try tables.withLock { try $0.record(batch) }
    }

    package func history(
        of healthCheck: HealthCheckID, before: Timestamp?, limit: Int
    ) async throws -> [HistoryItem] {
        tables.withLock { tables in
            guard let row = tables.healthChecks[healthCheck] else { return [] }
            let items =
                row.misses.map { HistoryItem.miss($0) } + row.runs.map { .run(row.shown($0)) }
            return Array(
                items.filter { item in before.map { item.at < $0 } ?? true }
                    .sorted { $0.at > $1.at }.prefix(limit))
        }
    }

    package func deliveries(after: Int64, limit: Int) async throws -> [Delivery] {
        tables.withLock { Array($0.outbox.deliveries.lazy.filter { $0.id > after }.prefix(limit)) }
    }

    package func notification(_ id: NotificationID) async throws -> KnownNotification? {
        tables.withLock { $0.outbox.known(id) }
    }

    package func lastPrune() async throws -> Timestamp? {
        tables.withLock(\.lastPrune)
    }

    package func prune(before cutoff: Timestamp, limit: Int) async throws -> Int {
        tables.withLock { $0.prune(before: cutoff, limit: limit) }
    }

    package func setLastPrune(_ at: Timestamp) async throws {
        tables.withLock { $0.lastPrune = at }
    }

    package func extent() async throws -> StoreExtent {
        tables.withLock { tables in
            let rows = tables.healthChecks.values
            return StoreExtent(
                bytes: Int64(rows.reduce(0) { $0 + $1.runs.count }) * Self.bytesOfRun,
                oldestRun: rows.compactMap(\.runs.first?.at).min())
        }
    }

    package func close() throws {}

    /// As if each run took this much of a disk.
    package static let bytesOfRun: Int64 = 40
}
