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

    package func resources() async throws -> [StoredResource] {
        tables.withLock { $0.resources.values.sorted { $0.key < $1.key } }
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

    package func pings(
        of healthCheck: HealthCheckID, before: Timestamp?, limit: Int
    ) async throws -> [HeardPing] {
        tables.withLock { tables in
            let pings = tables.healthChecks[healthCheck]?.pings ?? []
            return Array(
                pings.reversed().filter { ping in before.map { ping.at < $0 } ?? true }.prefix(limit))
        }
    }

    package func readings(
        of vital: String, _ healthCheck: HealthCheckID, in range: Range<Timestamp>, limit: Int
    ) async throws -> [VitalReading] {
        tables.withLock { tables in
            let measured = tables.healthChecks[healthCheck]?.measured ?? []
            return measured.filter { range.contains($0.at) }.prefix(limit)
                .map { VitalReading(at: $0.at, value: $0.values[vital]) }
        }
    }

    package func samples(
        of healthCheck: HealthCheckID, in range: Range<Timestamp>, limit: Int
    ) async throws -> [Sample] {
        tables.withLock { tables in
            let runs = tables.healthChecks[healthCheck]?.runs ?? []
            return runs.filter { range.contains($0.at) }.prefix(limit).map { Sample($0) }
        }
    }

    package func misses(
        of healthCheck: HealthCheckID, in range: Range<Timestamp>, limit: Int
    ) async throws -> [Miss] {
        tables.withLock { tables in
            let misses = tables.healthChecks[healthCheck]?.misses ?? []
            return Array(
                misses.filter { $0.from < range.upperBound && $0.to >= range.lowerBound }.prefix(limit))
        }
    }

    package func tallies(
        of healthCheck: HealthCheckID, by tier: Tier, in range: Range<Timestamp>
    ) async throws -> Tallies {
        tables.withLock { tables in
            let all = tables.healthChecks[healthCheck]?.tallies[tier] ?? [:]
            let wanted = all.filter { range.contains($0.key) }.sorted { $0.key < $1.key }
            return Tallies(
                wanted.map { RolledUp(start: $0.key, tally: $0.value) }, until: tables.until[tier])
        }
    }

    package func episodes(_ query: PastEpisode.Query) async throws -> [PastEpisode] {
        tables.withLock { $0.episodes(query) }
    }

    package func transitions(_ query: PastTransition.Query) async throws -> [PastTransition] {
        tables.withLock { $0.transitions(query) }
    }

    package func deliveries(after: Int64, limit: Int) async throws -> [Delivery] {
        tables.withLock { Array($0.outbox.deliveries.lazy.filter { $0.id > after }.prefix(limit)) }
    }

    package func rollUp(before instant: Timestamp, limit: Int) async throws -> RollUp {
        tables.withLock { $0.rollUp(before: instant, limit: limit) }
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

    package func prune(_ tier: Tier, before cutoff: Timestamp, limit: Int) async throws -> Int {
        tables.withLock { $0.prune(tier, before: cutoff, limit: limit) }
    }

    package func setLastPrune(_ at: Timestamp) async throws {
        tables.withLock { $0.lastPrune = at }
    }

    package func extent() async throws -> StoreExtent {
        tables.withLock { tables in
            let rows = tables.healthChecks.values
            return StoreExtent(
                bytes: Int64(rows.reduce(0) { $0 + $1.runs.count }) * Self.bytesOfRun,
                oldestRun: rows.compactMap(\.runs.first?.at).min(),
                oldestHour: rows.compactMap { $0.tallies[.hour]?.keys.min() }.min(),
                oldestDay: rows.compactMap { $0.tallies[.day]?.keys.min() }.min())
        }
    }

    package func close() throws {}

    /// As if each run took this much of a disk.
    package static let bytesOfRun: Int64 = 40
}
