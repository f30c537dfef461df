import VitalsCore

/// Removes what is older than it is kept for, and the oldest days when the store is over its size, in small steps
/// between the batches.
struct Retention: Sendable {
    let store: any Store
    let settings: StorageSettings
    let clock: NodeClock
    let journal: Journal

    private static let look: Duration = .seconds(60)
    private static let pause: Duration = .seconds(3_600)
    private static let day: Duration = .seconds(86_400)
    private static let step = 2_000

    /// Runs until it is cancelled.
    func run() async {
        while !Task.isCancelled {
            do {
                try await prune()
            } catch is CancellationError {
                return
            } catch {
                journal.pruneFailed(error)
            }
            try? await ContinuousClock().sleep(for: Self.look)
        }
    }

    /// One look: prunes when the last prune is an hour ago, and whenever there is too much.
    func prune() async throws {
        let now = clock.now()
        let last = try await store.lastPrune()
        if last.map({ now - $0 >= Self.pause }) ?? true {
            let cutoff = now - settings.rawRetention
            let rows = try await remove(before: cutoff)
            try await store.setLastPrune(now)
            if rows > 0 { journal.pruned(rows: rows, before: cutoff) }
        }
        while let extent = try await oversize(), let oldest = extent.oldestRun {
            let cutoff = min(oldest + Self.day, now)
            journal.droppedDay(before: cutoff, bytes: extent.bytes)
            guard try await remove(before: cutoff) > 0 else { return }
        }
    }

    private func oversize() async throws -> StoreExtent? {
        let extent = try await store.extent()
        return extent.bytes > settings.maximumSize ? extent : nil
    }

    private func remove(before cutoff: Timestamp) async throws -> Int {
        var total = 0
        while true {
            try Task.checkCancellation()
            let rows = try await store.prune(before: cutoff, limit: Self.step)
            total += rows
            if rows < Self.step { return total }
        }
    }
}
