import GRDB
import Synchronization
package import VitalsCore
package import VitalsEngine

/// The embedded store: one SQLite file in a data folder that one process holds.
///
/// Every commit is on the disk when `record` returns. One connection writes, on a queue of its own; a few
/// read, each from a snapshot of what was committed, so that neither waits for the other and half a batch is
/// never seen.
package final class SQLiteStore: Store {
    /// Whether there was none before.
    package let isNew: Bool
    /// Whether any health check was ever registered.
    package var holdsHealthChecks: Bool { memory.withLock { !$0.keys.isEmpty } }
    let database: DatabasePool
    private let lock: FolderLock
    private let memory: Mutex<Memory>

    /// What spares a look into the file.
    private struct Memory {
        /// Of every health check that was ever registered.
        var keys: [HealthCheckID: Int64]
        /// The health check with which the next prune begins, of runs or of a tier.
        var pruneFrom: [Tier?: Int64] = [:]
    }

    /// Opens the store in `folder`, which is made if it is missing, and brings it up to date. Blocks until
    /// done.
    ///
    /// - Throws: `locked` while another process has it; `newerStore`, `corrupt` or `cannotOpen` when it is
    ///   not to
    ///   be had, and then nothing was changed.
    package init(folder: String) throws(StoreError) {
        try DataFolder.make(folder)
        lock = try FolderLock(folder: folder)
        isNew = !DataFolder.holdsStore(folder)
        database = try DataFolder.open(folder)
        do {
            let keys = try database.read { try HealthCheckKeys.fetch($0) }
            memory = Mutex(Memory(keys: keys))
        } catch {
            throw StoreError(error)
        }
    }

    package func load() async throws -> StoredState {
        try await read { try StateReader($0).load() }
    }

    package func resources() async throws -> [StoredResource] {
        try await read { try StateReader($0).resources() }
    }

    package func record(_ batch: Batch) async throws {
        guard !batch.isEmpty else { return }
        let keys = memory.withLock { $0.keys }
        let known = try await write { database in
            var writer = try BatchWriter(database, keys)
            try writer.write(batch)
            return writer.known.merging(writer.registered) { _, new in new }
        }
        guard !batch.registered.isEmpty || !batch.renamed.isEmpty else { return }
        memory.withLock { $0.keys = known }
    }

    package func history(
        of healthCheck: HealthCheckID, before: Timestamp?, limit: Int
    ) async throws -> [HistoryItem] {
        guard let key = memory.withLock({ $0.keys[healthCheck] }) else { return [] }
        let limit = min(max(limit, 1), 1_000)
        return try await read {
            try HistoryReader($0, healthCheck, key).newest(before: before, limit: limit)
        }
    }

    package func pings(
        of healthCheck: HealthCheckID, before: Timestamp?, limit: Int
    ) async throws -> [HeardPing] {
        guard let key = memory.withLock({ $0.keys[healthCheck] }) else { return [] }
        let limit = min(max(limit, 1), 1_000)
        return try await read {
            try PingReader($0, healthCheck, key).newest(before: before, limit: limit)
        }
    }

    package func readings(
        of vital: String, _ healthCheck: HealthCheckID, in range: Range<Timestamp>, limit: Int
    ) async throws -> [VitalReading] {
        guard let key = memory.withLock({ $0.keys[healthCheck] }) else { return [] }
        let limit = min(max(limit, 1), 10_000)
        return try await read {
            try VitalReader($0, healthCheck, key).readings(of: vital, in: range, limit: limit)
        }
    }

    package func samples(
        of healthCheck: HealthCheckID, in range: Range<Timestamp>, limit: Int
    ) async throws -> [Sample] {
        guard let key = memory.withLock({ $0.keys[healthCheck] }) else { return [] }
        let limit = min(max(limit, 1), 10_000)
        return try await read { try RawReader($0, healthCheck, key).samples(in: range, limit: limit) }
    }

    package func misses(
        of healthCheck: HealthCheckID, in range: Range<Timestamp>, limit: Int
    ) async throws -> [Miss] {
        guard let key = memory.withLock({ $0.keys[healthCheck] }) else { return [] }
        let limit = min(max(limit, 1), 10_000)
        return try await read { try RawReader($0, healthCheck, key).misses(in: range, limit: limit) }
    }

    package func tallies(
        of healthCheck: HealthCheckID, by tier: Tier, in range: Range<Timestamp>
    ) async throws -> Tallies {
        let key = memory.withLock { $0.keys[healthCheck] } ?? 0
        return try await read { database in
            Tallies(
                try TallyTable(database, tier).fetch(of: key, in: range),
                until: try RollUpProgress.fetch(database, tier)?.until(of: key, by: tier))
        }
    }

    package func episodes(_ query: PastEpisode.Query) async throws -> [PastEpisode] {
        let keys = memory.withLock { $0.keys }
        return try await read { try EpisodeReader($0).fetch(query, keys) }
    }

    package func transitions(_ query: PastTransition.Query) async throws -> [PastTransition] {
        let keys = memory.withLock { $0.keys }
        return try await read { try TransitionReader($0).fetch(query, keys) }
    }

    package func rollUp(before instant: Timestamp, limit: Int) async throws -> RollUp {
        let limit = max(limit, 1)
        return try await write { database in
            var roller = Roller(database, before: instant, limit: limit)
            return try roller.step()
        }
    }

    package func deliveries(after: Int64, limit: Int) async throws -> [Delivery] {
        let limit = min(max(limit, 1), 1_000)
        return try await read { try Outbox($0).deliveries(after: after, limit: limit) }
    }

    package func notification(_ id: NotificationID) async throws -> KnownNotification? {
        try await read { try Outbox($0).known(id) }
    }

    package func lastPrune() async throws -> Timestamp? {
        try await read { database in
            try Int64.fetchOne(database, sql: "SELECT at_us FROM last_prune").map(Timestamp.init)
        }
    }

    package func setLastPrune(_ at: Timestamp) async throws {
        try await write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO last_prune (only, at_us) VALUES (1, ?)",
                arguments: [at.microseconds])
        }
    }

    package func prune(before cutoff: Timestamp, limit: Int) async throws -> Int {
        try await remove(nil, before: cutoff, limit: limit)
    }

    package func prune(_ tier: Tier, before cutoff: Timestamp, limit: Int) async throws -> Int {
        try await remove(tier, before: cutoff, limit: limit)
    }

    private func remove(_ tier: Tier?, before cutoff: Timestamp, limit: Int) async throws -> Int {
        let start = memory.withLock { $0.pruneFrom[tier] ?? 0 }
        // What is to go is looked for beside the writer, which then only removes it.
        let found = try await read {
            try Pruner($0, tier, before: cutoff).search(from: start, enough: limit)
        }
        memory.withLock { $0.pruneFrom[tier] = found.last?.healthCheck ?? 0 }
        return try await write {
            try Pruner($0, tier, before: cutoff).remove(found, limit: limit)
        }
    }

    package func extent() async throws -> StoreExtent {
        try await read { try StateReader($0).extent() }
    }

    package func close() throws {
        do {
            // The last connection to close is the one that may tidy up: it must not be a reader.
            database.invalidateReadOnlyConnections()
            try database.close()
        } catch {
            throw StoreError(error)
        }
        lock.release()
    }
}

extension SQLiteStore {
    /// Runs `body` in a transaction of its own. Once begun it ends, even if the calling task is cancelled:
    /// what was measured is recorded.
    private func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
            database.asyncWrite(body) { _, result in
                continuation.resume(with: result.mapError { StoreError($0) })
            }
        }
    }

    /// Runs `body` on a snapshot of what is committed.
    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
            database.asyncRead { access in
                continuation.resume(
                    with: Result { try body(access.get()) }.mapError { StoreError($0) })
            }
        }
    }
}
