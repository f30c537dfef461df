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
        /// The store is in trouble: says so past the outbox.
        let alarm: @Sendable (StoreTrouble) -> Void
    }

    let clock: NodeClock
    let inbox: Mutex<Inbox>
    let spool: (any Spool)?
    /// Of the watch beside the commits.
    let looks: Rounds
    private let store: any Store
    private let beat: Beat
    /// When what waits is given up; nothing while nobody stops it.
    private let end = Mutex<Timestamp?>(nil)
    private let commits: Rounds

    /// - Parameter spool: takes results for which there is no room in memory; empty.
    init(
        _ store: any Store, _ inbox: Inbox, spool: (any Spool)?, on loop: any ProbeLoop, _ clock: NodeClock,
        beat: Beat
    ) {
        self.store = store
        self.spool = spool
        self.clock = clock
        self.beat = beat
        self.inbox = Mutex(inbox)
        commits = Rounds(on: loop, clock)
        looks = Rounds(on: loop, clock)
    }

    /// Takes something to be recorded; from any thread.
    func receive(_ items: [LedgerItem], isAwaited: Bool = false) {
        let now = clock.now()
        let (due, mayHaveToSpool) = inbox.withLock { inbox -> (Timestamp?, Bool) in
            for item in items {
                inbox.add(item, isAwaited: isAwaited, at: now)
            }
            return (inbox.nextCommit, inbox.isSpilling)
        }
        if let due { commits.set(due) }
        if mayHaveToSpool { looks.begin() }
    }

    /// Whether the store can be written, as far as is known.
    func isStoreWell(at now: Timestamp) -> Bool {
        inbox.withLock { $0.isStoreWell(at: now) }
    }

    /// Whether the store is known to hold what nobody wrote.
    var isStoreDamaged: Bool { inbox.withLock(\.store.isDamaged) }

    /// Something was read in the store that nobody wrote.
    ///
    /// - Returns: whether somebody is to be told.
    func foundDamage() -> Bool {
        inbox.withLock { $0.foundDamage(at: clock.now()) }
    }

    /// Wakes the commits for what has come back from the spool.
    func wakeUp() { commits.begin() }

    /// Runs until `stop` and everything is recorded, or the store fails once more after that, or time is up.
    ///
    /// - Parameter ledger: what is committed, as of the start.
    func run(_ ledger: consuming Ledger, _ outlets: Outlets) async {
        var failed: Changes?
        var lookout = Lookout(at: clock.now())
        commits.begin()
        for await _ in commits.stream {
            beat.strike(clock.now())
            while let batch = inbox.withLock({ $0.take(at: clock.now(), isStopping: isStopping) }) {
                let isCommitted = await commit(batch, &failed, &ledger, outlets)
                beat.strike(clock.now())
                if !isCommitted || isOver { break }
            }
            let now = clock.now()
            if let baseline = lookout.look(at: now), !inbox.withLock(\.isBehind) {
                let overdue = ledger.overdue(baseline: baseline, at: now)
                if !overdue.isEmpty { receive(overdue) }
            }
            let (next, isDone) = inbox.withLock { ($0.nextCommit, $0.isEmpty || $0.failures > 0) }
            if isStopping, isDone || isOver { break }
            commits.set(min(next ?? now + .seconds(1), now + .seconds(1)))
        }
        let lost = inbox.withLock(\.held)
        if lost > 0 { outlets.journal.unrecorded(results: lost) }
        outlets.waiters.close()
        looks.end()
    }

    /// What waits is recorded at once, and nothing waits any more.
    ///
    /// - Parameter patience: how long it may take to record what has piled up.
    func stop(patience: Duration) {
        end.withLock { $0 = clock.now() + patience }
        commits.begin()
    }

    private var isStopping: Bool { end.withLock { $0 != nil } }

    private var isOver: Bool { end.withLock { end in end.map { $0 <= clock.now() } ?? false } }

    private func commit(
        _ batch: [LedgerItem], _ failed: inout Changes?, _ ledger: inout Ledger, _ outlets: Outlets
    ) async -> Bool {
        // Drafted once: whatever of it has reached the store is what is tried again.
        let changes = failed ?? ledger.draft(batch, at: clock.now())
        do {
            try await store.record(changes.batch)
        } catch {
            let trouble = StoreTrouble(error)
            let (isToBeTold, failures) = inbox.withLock { inbox in
                (inbox.failed(batch, as: trouble, at: clock.now()), inbox.failures)
            }
            failed = changes
            outlets.journal.storeFailed(error, failures: failures)
            outlets.waiters.giveUp()
            if isToBeTold { outlets.alarm(trouble) }
            return false
        }
        if inbox.withLock(\.failures) > 0 { outlets.journal.storeRecovered() }
        failed = nil
        ledger.adopt(changes)
        let (settled, unsettled) = ledger.settled(changes.beliefs)
        let isSpilling = inbox.withLock { inbox in
            inbox.committed(settled: settled, unsettled: unsettled, at: clock.now())
            return inbox.isSpilling
        }
        if isSpilling { looks.begin() }
        outlets.board.update(changes.beliefs)
        outlets.waiters.resolve(changes.consequences.completions)
        outlets.waiters.resolve(changes.consequences.retries)
        outlets.hub.publish(changes.consequences.signals)
        outlets.journal.note(changes.consequences.signals)
        outlets.follow(changes.consequences)
        return true
    }
}
