import Logging
import Synchronization
import VitalsCore

/// The one writer: takes results, has the ledger evaluate them, commits, and only then says what follows. It
/// decides nothing itself.
final class Recorder: Sendable {
    /// What is done once a batch is in the store, in this order.
    struct Outlets: Sendable {
        let board: Board
        let hub: SignalHub
        let waiters: Waiters
        let journal: Journal
        /// Confirmations and back-offs for the scheduler; notifications, claims and cancellations for the
        /// dispatcher.
        let follow: @Sendable (Consequences) -> Void
        /// The store fails: says so past the outbox.
        let alarm: @Sendable (_ reason: String) -> Void
    }

    private let store: any Store
    private let clock: NodeClock
    private let beat: Beat
    private let inbox: Mutex<Inbox>
    private let isStopping = Mutex(false)
    private let wakeUps: AsyncStream<Void>
    private let wakeUp: AsyncStream<Void>.Continuation
    private let alarm: Alarm

    init(_ store: any Store, _ inbox: Inbox, on loop: any ProbeLoop, _ clock: NodeClock, beat: Beat) {
        self.store = store
        self.clock = clock
        self.beat = beat
        self.inbox = Mutex(inbox)
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        wakeUps = stream
        wakeUp = continuation
        alarm = Alarm(on: loop, clock) { continuation.yield() }
    }

    /// Takes something to be recorded; from any thread.
    func receive(_ items: [LedgerItem], isAwaited: Bool = false) {
        let now = clock.now()
        let due = inbox.withLock { inbox in
            for item in items {
                inbox.add(item, isAwaited: isAwaited, at: now)
            }
            return inbox.nextCommit
        }
        if let due { alarm.set(due) }
    }

    /// Whether the store can be written, as far as is known.
    func isStoreWell(at now: Timestamp) -> Bool {
        inbox.withLock { $0.isStoreWell(at: now) }
    }

    /// Runs until `stop` and everything is recorded, or the store fails once more after that.
    ///
    /// - Parameter ledger: what is committed, as of the start.
    func run(_ ledger: consuming Ledger, _ outlets: Outlets) async {
        var failed: Changes?
        var lookout = Lookout(at: clock.now())
        wakeUp.yield()
        for await _ in wakeUps {
            beat.strike(clock.now())
            while let batch = inbox.withLock({ $0.take(at: clock.now(), isStopping: isStopped) }) {
                let isCommitted = await commit(batch, &failed, &ledger, outlets)
                if !isCommitted { break }
            }
            let now = clock.now()
            if let baseline = lookout.look(at: now), inbox.withLock(\.failures) == 0 {
                let overdue = ledger.overdue(baseline: baseline, at: now)
                if !overdue.isEmpty { receive(overdue) }
            }
            let (next, isDone) = inbox.withLock { ($0.nextCommit, $0.isEmpty || $0.failures > 0) }
            if isStopped, isDone { break }
            alarm.set(min(next ?? now + .seconds(1), now + .seconds(1)))
        }
        outlets.waiters.close()
    }

    /// What waits is recorded at once, and nothing waits any more.
    func stop() {
        isStopping.withLock { $0 = true }
        wakeUp.yield()
    }

    private var isStopped: Bool { isStopping.withLock(\.self) }

    private func commit(
        _ batch: [LedgerItem], _ failed: inout Changes?, _ ledger: inout Ledger, _ outlets: Outlets
    ) async -> Bool {
        // Drafted once: whatever of it has reached the store is what is tried again.
        let changes = failed ?? ledger.draft(batch, at: clock.now())
        do {
            try await store.record(changes.batch)
        } catch {
            let (mustAlarm, failures) = inbox.withLock { inbox in
                (inbox.failed(batch, at: clock.now()), inbox.failures)
            }
            failed = changes
            outlets.journal.storeFailed(error, failures: failures)
            outlets.waiters.giveUp()
            if mustAlarm { outlets.alarm("store_unwritable") }
            return false
        }
        if inbox.withLock(\.failures) > 0 { outlets.journal.storeRecovered() }
        failed = nil
        ledger.adopt(changes)
        let (settled, unsettled) = ledger.settled(changes.beliefs)
        inbox.withLock { $0.committed(settled: settled, unsettled: unsettled, at: clock.now()) }
        outlets.board.update(changes.beliefs)
        outlets.waiters.resolve(changes.consequences.completions)
        outlets.hub.publish(changes.consequences.signals)
        outlets.journal.note(changes.consequences.signals)
        outlets.follow(changes.consequences)
        return true
    }
}
