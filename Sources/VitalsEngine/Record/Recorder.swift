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

    /// A configuration that waits to be taken over.
    private struct Takeover {
        let change: Reconfiguration
        let taken: @Sendable (TakenOver) -> Void
        /// Whether it is in force.
        let ended: @Sendable (Bool) -> Void
    }

    /// What followed from another configuration.
    struct TakenOver: Sendable {
        /// It holds from here on; slots up to here are accounted for.
        let at: Timestamp
        /// Health checks that are new, or whose target, slots or switch are others.
        let begun: Set<HealthCheckID>
        let runAtOnce: Set<HealthCheckID>
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
    private let takeovers = Mutex<[Takeover]>([])

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

    /// Takes a ping.
    ///
    /// - Returns: whether there is room for it.
    func receive(_ heard: HeardPing, ticket: Int) -> Bool {
        let now = clock.now()
        let (isTaken, due) = inbox.withLock { inbox in
            (inbox.add(heard, ticket: ticket, at: now), inbox.nextCommit)
        }
        if let due { commits.set(due) }
        return isTaken
    }

    /// Whether the store can be written, as far as is known.
    func isStoreWell(at now: Timestamp) -> Bool {
        inbox.withLock { $0.isStoreWell(at: now) }
    }

    /// How well results are kept, as far as is known.
    func storeState(at now: Timestamp) -> State {
        inbox.withLock { $0.storeState(at: now) }
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
                ledger.listen(since: lookout.listening(at: clock.now()))
                // How long the store takes is the store's affair, and told as such.
                beat.expect(Timestamp(microseconds: .max))
                let isCommitted = await commit(batch, &failed, &ledger, outlets)
                beat.strike(clock.now())
                if !isCommitted || isOver { break }
            }
            await takeOver(&failed, &ledger, outlets)
            let now = clock.now()
            if let baseline = lookout.look(at: now), !inbox.withLock(\.isBehind) {
                let overdue = ledger.overdue(baseline: baseline, at: now)
                if !overdue.isEmpty { receive(overdue) }
            }
            let deadline = inbox.withLock(\.isBehind) ? nil : watchHeartbeats(&ledger, at: now)
            let (next, isDone) = inbox.withLock { ($0.nextCommit, $0.isEmpty || $0.failures > 0) }
            if isStopping, isDone || isOver { break }
            let second = now + .seconds(1)
            commits.set(min(next ?? second, deadline ?? second, second))
        }
        let lost = inbox.withLock(\.held)
        if lost > 0 { outlets.journal.unrecorded(results: lost) }
        outlets.waiters.close()
        takeovers.withLock(\.self).forEach { $0.ended(false) }
        looks.end()
    }

    /// - Returns: when the next one's time is up.
    private func watchHeartbeats(_ ledger: inout Ledger, at now: Timestamp) -> Timestamp? {
        let late = ledger.late(at: now)
        if !late.isEmpty { receive(late) }
        return ledger.firstDeadline.map { $0 + .microseconds(1) }
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

    /// Takes over another configuration, in a transaction of its own, once all that came before is recorded.
    ///
    /// - Parameter taken: called once it is in the store, before anybody is told of what follows.
    /// - Returns: whether it is in force; if not, nothing has changed.
    func takeOver(
        _ change: Reconfiguration, taken: @escaping @Sendable (TakenOver) -> Void
    ) async -> Bool {
        await withCheckedContinuation { continuation in
            takeovers.withLock {
                $0.append(
                    Takeover(change: change, taken: taken) { continuation.resume(returning: $0) })
            }
            commits.begin()
        }
    }

    private func takeOver(
        _ failed: inout Changes?, _ ledger: inout Ledger, _ outlets: Outlets
    ) async {
        while let takeover = takeovers.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
            while failed == nil, let batch = inbox.withLock({ $0.take(at: clock.now(), isStopping: true) }) {
                _ = await commit(batch, &failed, &ledger, outlets)
            }
            // What is spooled is of the configuration before.
            guard failed == nil, !inbox.withLock(\.isBehind) else {
                takeover.ended(false)
                continue
            }
            let now = clock.now()
            let changes = ledger.draft([.reconfigure(takeover.change)], at: now)
            do {
                try await store.record(changes.batch)
            } catch {
                outlets.journal.configurationNotRecorded(error)
                takeover.ended(false)
                continue
            }
            ledger.adopt(changes)
            takeover.taken(
                TakenOver(
                    at: now, begun: Set(changes.batch.registered.map(\.healthCheck.id)),
                    runAtOnce: changes.consequences.runAtOnce))
            announce(changes, ledger, outlets)
            takeover.ended(true)
        }
    }

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
        announce(changes, ledger, outlets)
        return true
    }

    /// What a committed batch made true becomes known, in this order.
    private func announce(_ changes: Changes, _ ledger: Ledger, _ outlets: Outlets) {
        let (settled, unsettled) = ledger.settled(changes.beliefs)
        let isSpilling = inbox.withLock { inbox in
            inbox.committed(settled: settled, unsettled: unsettled, at: clock.now())
            return inbox.isSpilling
        }
        if isSpilling { looks.begin() }
        outlets.board.update(
            changes.beliefs, heartbeats: changes.heartbeats, counting: changes.consequences, at: clock.now())
        outlets.waiters.resolve(changes.consequences.completions)
        outlets.waiters.giveUp(changes.consequences.voided)
        outlets.waiters.resolve(changes.consequences.retries)
        outlets.waiters.resolve(changes.consequences.heard)
        outlets.hub.publish(changes.consequences.signals)
        outlets.journal.note(changes.consequences.signals)
        outlets.follow(changes.consequences)
    }
}
