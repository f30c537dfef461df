import Synchronization
import VitalsCore

/// Removes what is older than it is kept for, and the oldest days when the store is over its size, in small
/// steps between the batches.
final class Retention: Sendable {
    private let store: any Store
    private let settings: StorageSettings
    private let clock: NodeClock
    private let journal: Journal
    private let wakeUps: AsyncStream<Void>
    private let wakeUp: AsyncStream<Void>.Continuation
    private let alarm: Alarm
    private let isStopped = Mutex(false)

    private static let look: Duration = .seconds(60)
    private static let pause: Duration = .seconds(3_600)
    private static let day: Duration = .seconds(86_400)
    private static let step = 2_000

    init(
        _ store: any Store, _ settings: StorageSettings, on loop: any ProbeLoop, _ clock: NodeClock,
        _ journal: Journal
    ) {
        self.store = store
        self.settings = settings
        self.clock = clock
        self.journal = journal
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        wakeUps = stream
        wakeUp = continuation
        alarm = Alarm(on: loop, clock) { continuation.yield() }
    }

    /// Runs until `stop`.
    ///
    /// - Parameter failed: takes what the store threw.
    func run(failed: @Sendable (any Error) -> Void) async {
        wakeUp.yield()
        for await _ in wakeUps {
            do {
                try await prune()
            } catch is CancellationError {
                return
            } catch {
                journal.pruneFailed(error)
                failed(error)
            }
            alarm.set(clock.now() + Self.look)
        }
    }

    /// Begins no step any more.
    func stop() {
        isStopped.withLock { $0 = true }
        wakeUp.finish()
    }

    /// One look: prunes when the last prune is an hour ago, and whenever there is too much.
    private func prune() async throws {
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
            guard !isStopped.withLock(\.self) else { throw CancellationError() }
            let rows = try await store.prune(before: cutoff, limit: Self.step)
            total += rows
            if rows < Self.step { return total }
        }
    }
}
