package import VitalsCore

extension Node {
    /// Runs and misses of one health check, newest first.
    package func history(
        of id: HealthCheckID, before: Timestamp?, limit: Int
    ) async throws -> [HistoryItem] {
        try await read { try await store.history(of: id, before: before, limit: limit) }
    }

    /// Deliveries with an id above `after`, ascending.
    package func deliveries(after: Int64, limit: Int) async throws -> [Delivery] {
        try await read { try await store.deliveries(after: after, limit: limit) }
    }

    /// The store failed where nothing was to be recorded: if that is damage, people must know of it.
    func noteDamage(_ error: any Error) {
        guard StoreTrouble(error) == .damaged, recorder.foundDamage() else { return }
        journal.storeDamaged(error)
        outlets.alarm(.damaged)
    }

    func read<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch {
            noteDamage(error)
            throw error
        }
    }
}
