import Synchronization
import VitalsCore

/// Has the store make hours and days and remove what is old, as `Retention` says, in small steps between the
/// batches.
final class Sweeper: Sendable {
    private let store: any Store
    private let settings: StorageSettings
    private let clock: NodeClock
    private let journal: Journal
    private let wakeUps: AsyncStream<Void>
    private let wakeUp: AsyncStream<Void>.Continuation
    private let alarm: Alarm
    private let isStopped = Mutex(false)

    private static let look: Duration = .seconds(60)

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
                try await sweep()
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

    private func sweep() async throws {
        var retention = Retention(settings, wall: clock.wall(), node: clock.now())
        var step = retention.begin(last: try await store.lastPrune())
        while step != .done {
            guard !isStopped.withLock(\.self) else { throw CancellationError() }
            switch step {
            case .rollUp(let instant):
                step = retention.rolledUp(
                    try await store.rollUp(before: instant, limit: Retention.rollUpLimit))
            case .prune(let kept, let cutoff):
                step = retention.pruned(rows: try await remove(kept, before: cutoff))
            case .dropDay(let kept, let cutoff, let bytes):
                journal.droppedDay(of: kept, before: cutoff, bytes: bytes)
                step = retention.pruned(rows: try await remove(kept, before: cutoff))
            case .setLastPrune(let at, let rows, let cutoff):
                try await store.setLastPrune(at)
                if rows > 0 { journal.pruned(rows: rows, before: cutoff) }
                step = .measure
            case .measure:
                step = retention.measured(try await store.extent())
            case .done:
                return
            }
        }
    }

    private func remove(_ kept: Retention.Kept, before cutoff: Timestamp) async throws -> Int {
        switch kept {
        case .runs: try await store.prune(before: cutoff, limit: Retention.limit)
        case .tallies(let tier): try await store.prune(tier, before: cutoff, limit: Retention.limit)
        }
    }
}
