package import VitalsCore

/// A run that is about to be made.
package struct Job: Sendable, Equatable {
    /// The health check's place in the schedule.
    package let index: Int
    /// Counts the runs of this process; never used twice.
    package let ticket: Int
    package let trigger: Trigger
    /// The run's key: the slot's instant, or the start.
    package let at: Timestamp
}

/// What the schedule wants done.
package enum ScheduleAction: Sendable, Equatable {
    case start(Job)
    case miss(Miss)
}

/// When what runs: slots, confirmations, first and manual runs, one at a time for each health check, within
/// the limits. A value: the shell performs what it says, and the simulator drives it without one.
package struct Schedule: Sendable {
    /// One health check as the schedule sees it.
    package struct Plan: Sendable, Equatable {
        package let id: HealthCheckID
        package let interval: Duration
        package let isEnabled: Bool
        /// Health checks with the same text share a target's places.
        package let endpoint: String
        /// Whether it has never run under its present configuration, and so should at once.
        package let isNew: Bool

        package init(
            id: HealthCheckID, interval: Duration, isEnabled: Bool, endpoint: String, isNew: Bool
        ) {
            self.id = id
            self.interval = interval
            self.isEnabled = isEnabled
            self.endpoint = endpoint
            self.isNew = isNew
        }
    }

    struct Entry: Sendable {
        let id: HealthCheckID
        let grid: SlotGrid
        let isEnabled: Bool
        let target: Int
        /// Whether nothing of it starts while another configuration of it is being recorded.
        var isSuspended = false
        /// The first slot that nothing was decided about.
        var nextSlot: Timestamp
        /// A due slot that waits for the run in flight or for a place.
        var pendingSlot: Timestamp?
        var wantsInitial = false
        var wantsConfirm = false
        var wantsManual = false
        /// When the confirmation is due that has not fallen due yet.
        var confirmAt: Timestamp?
        /// Slots before this instant are skipped.
        var backedOffUntil: Timestamp?
        /// The ticket of the run in flight, and its target.
        var running: Int?
        var runningTarget = 0
        var hungWhenStarted = false
        /// Misses of slots after that of the run in flight. They are told after it: were they recorded before
        /// and the process killed, nobody would ever know of the run's own slot.
        var held: [Miss] = []
        /// The `at` of the last run, whatever asked for it.
        var lastStarted: Timestamp?
        /// The `at` of the last run that no slot asked for.
        var lastAt = Timestamp(microseconds: 0)
    }

    /// By their places, which are never given to another health check.
    var entries: [Entry]
    var indices: [HealthCheckID: Int] = [:]
    var targets: [String: Int] = [:]
    var heap = DueHeap()
    var places: Places
    /// How many runs are begun within `grain` at most, but for those that somebody waits for.
    private let batch: Int
    /// When the present batch is over.
    private var batchEnds = Timestamp(microseconds: .min)
    /// Of the next run.
    private(set) var nextTicket = 1
    /// Whether nothing is started any more.
    package private(set) var isStopped = false

    /// Runs in flight.
    package private(set) var running = 0

    /// Due times are gathered to this: one wake-up serves what falls due within it.
    private static let grain: Int64 = 5_000
    /// First runs are paced to this many a second, or to twice the average rate if that is more; slots
    /// included.
    private static let leastPace = 20.0
    /// Of that pace, what is not left free for slots that happen to fall close together.
    private static let paceInUse = 0.8

    /// - Parameter batch: how many runs are begun within 5 ms at most; those that somebody waits for are
    ///   begun in any case.
    package init(_ plans: [Plan], total: Int, perTarget: Int, batch: Int = .max, at now: Timestamp) {
        entries = []
        self.batch = batch
        places = Places(total: total, perTarget: perTarget, targets: 0, healthChecks: 0)
        for plan in plans { add(plan, since: now) }
        grow()
        paceInitialRuns(of: plans.indices.filter { plans[$0].isEnabled && plans[$0].isNew }, at: now)
    }

    /// Where a health check is; nothing when there never was one of this id.
    package func index(of id: HealthCheckID) -> Int? { indices[id] }

    /// Health checks that have something to run, and wait for a place.
    package var waiting: Int {
        entries.count { $0.running == nil && wish($0) != nil }
    }

    /// When the next thing falls due, gathered to 5 ms.
    package var nextDue: Timestamp? {
        let due = heap.first.map {
            Timestamp(microseconds: ($0.due.microseconds + Self.grain - 1) / Self.grain * Self.grain)
        }
        return places.isHeldBack ? min(due ?? batchEnds, batchEnds) : due
    }

    /// Time has come to `now`.
    ///
    /// - Parameter jumped: whether a step of the wall clock brought it there, and the slots between were
    ///   never real.
    package mutating func tick(at now: Timestamp, jumped: Bool = false) -> [ScheduleAction] {
        guard !isStopped else { return [] }
        if !isLate(at: now) { places.speedUp() }
        return takeDue(at: now, jumped: jumped) + serveWaiting(at: now)
    }

    private mutating func isLate(at now: Timestamp) -> Bool {
        heap.first.map { places.slowDown(now - $0.due) } ?? false
    }

    mutating func takeDue(at now: Timestamp, jumped: Bool) -> [ScheduleAction] {
        guard !isStopped else { return [] }
        openBatch(at: now)
        var actions: [ScheduleAction] = []
        var indices: [Int] = []
        while let item = heap.pop(dueAt: now) {
            indices.append(item.index)
            switch item.reason {
            case .slot:
                // Of slots as they were before, too, there may be one.
                let entry = entries[item.index]
                guard entry.isEnabled, !entry.isSuspended, entry.nextSlot == item.due else { continue }
                actions += slotsDue(item.index, at: now, jumped: jumped)
            case .initial:
                // A slot that came first was the first run.
                let entry = entries[item.index]
                entries[item.index].wantsInitial = entry.isEnabled && entry.lastStarted == nil
            case .confirm:
                guard entries[item.index].confirmAt == item.due else { continue }
                entries[item.index].confirmAt = nil
                // The run in flight, or the slot that waits, confirms as well.
                let entry = entries[item.index]
                entries[item.index].wantsConfirm = entry.running == nil && entry.pendingSlot == nil
            }
        }
        // Only once all that is due is known, so that a slot comes before a run that no slot asked for; and
        // after those that have been waiting for longer.
        actions += serveWaiting(at: now)
        for index in indices { actions += consider(index, at: now) }
        return actions
    }

    private mutating func openBatch(at now: Timestamp) {
        guard now >= batchEnds else { return }
        batchEnds = Timestamp(microseconds: (now.microseconds / Self.grain + 1) * Self.grain)
        places.allow(batch)
    }

    /// A run ended.
    package mutating func finish(
        _ job: Job, timedOut: Bool, at now: Timestamp, jumped: Bool = false
    ) -> [ScheduleAction] {
        guard entries[job.index].running == job.ticket else { return [] }
        _ = isLate(at: now)
        // What is due is due first, so that runs never go back in time.
        var actions = takeDue(at: now, jumped: jumped)
        entries[job.index].running = nil
        running -= 1
        let target = entries[job.index].runningTarget
        places.release(target, hung: entries[job.index].hungWhenStarted, timedOut: timedOut)
        actions += entries[job.index].held.map { .miss($0) }
        entries[job.index].held = []
        guard !isStopped else { return actions }
        actions += consider(job.index, at: now)
        return actions + serveWaiting(at: now)
    }

    /// Gives free places to those who wait for one.
    private mutating func serveWaiting(at now: Timestamp) -> [ScheduleAction] {
        var actions: [ScheduleAction] = []
        while let index = places.next() {
            actions += consider(index, at: now)
            let entry = entries[index]
            if wish(entry) == nil || entry.isSuspended, entry.running == nil {
                // It wants nothing, or not now: whoever waits for the same target takes its turn.
                places.promote(entries[index].target)
            }
        }
        return actions
    }

    /// Runs a health check again at `due`, unless a slot comes first.
    ///
    /// - Parameter run: the `at` of the run to be confirmed; one that came after it has done so already.
    package mutating func confirm(_ index: Int, of run: Timestamp, at due: Timestamp) {
        guard !isStopped, entries[index].isEnabled, entries[index].nextSlot > due,
            entries[index].lastStarted == run
        else { return }
        entries[index].confirmAt = due
        heap.push(DueHeap.Item(due: due, index: index, reason: .confirm))
    }

    /// Skips the slots of a health check before `until`.
    package mutating func backOff(_ index: Int, until: Timestamp) {
        entries[index].backedOffUntil = until
    }

    /// Somebody asks for a run now. It joins the one in flight.
    ///
    /// - Returns: the lowest ticket of a run that answers them.
    package mutating func manual(
        _ index: Int, at now: Timestamp, jumped: Bool = false
    ) -> (ticket: Int, actions: [ScheduleAction]) {
        let actions = takeDue(at: now, jumped: jumped)
        if let running = entries[index].running { return (running, actions) }
        let ticket = nextTicket
        guard !isStopped else { return (ticket, []) }
        entries[index].wantsManual = true
        return (ticket, actions + consider(index, at: now))
    }

    /// Starts nothing any more. What waits is not run; the next start finds it missing.
    package mutating func stop() {
        isStopped = true
    }

    /// Those whose slots come last go first: by the time the others would be reached, their slots have come.
    /// So the first runs and the slots together stay within twice the average rate, and one interval is
    /// enough.
    mutating func paceInitialRuns(of indices: [Int], at now: Timestamp) {
        let rate = entries.filter(\.isEnabled).reduce(0.0) { $0 + 1_000_000 / Double($1.grid.interval) }
        let pace = Self.paceInUse * max(Self.leastPace, 2 * rate) - rate
        let new = indices.sorted { entries[$0].nextSlot > entries[$1].nextSlot }
        for (number, index) in new.enumerated() {
            let due = now + .microseconds(Int64(Double(number) / pace * 1_000_000))
            heap.push(DueHeap.Item(due: due, index: index, reason: .initial))
        }
    }

    /// Nothing is caught up: of the slots that have come, the newest waits to be run and the others are
    /// misses.
    private mutating func slotsDue(_ index: Int, at now: Timestamp, jumped: Bool) -> [ScheduleAction] {
        let entry = entries[index]
        let newest = entry.grid.latest(at: now)
        guard newest >= entry.nextSlot else {
            heap.push(DueHeap.Item(due: entry.nextSlot, index: index, reason: .slot))
            return []
        }
        let oldest = entry.pendingSlot ?? entry.nextSlot
        let following = Timestamp(microseconds: newest.microseconds + entry.grid.interval)
        entries[index].nextSlot = following
        heap.push(DueHeap.Item(due: following, index: index, reason: .slot))
        if let until = entry.backedOffUntil, until > newest {
            entries[index].pendingSlot = nil
            return miss(index, from: oldest, through: newest, .backoff)
        }
        entries[index].backedOffUntil = nil
        entries[index].pendingSlot = newest
        entries[index].wantsConfirm = false
        let before = Timestamp(microseconds: newest.microseconds - entry.grid.interval)
        let reason: MissReason =
            if jumped {
                .clockJump
            } else if entry.running != nil {
                .inFlight
            } else {
                places.waitsForTarget(index) ? .targetLimit : .late
            }
        return miss(index, from: oldest, through: before, reason)
    }

    private mutating func miss(
        _ index: Int, from: Timestamp, through: Timestamp, _ reason: MissReason
    ) -> [ScheduleAction] {
        let entry = entries[index]
        let count = entry.grid.count(from: from, through: through)
        guard count > 0 else { return [] }
        guard entry.running != nil else {
            return [.miss(Miss(of: entry.id, from: from, to: through, count: count, reason: reason))]
        }
        // Held ones follow each other without a gap, so that those of one reason are one.
        let last = entry.held.last.flatMap { $0.reason == reason ? $0 : nil }
        if last != nil { entries[index].held.removeLast() }
        entries[index].held.append(
            Miss(
                of: entry.id, from: last?.from ?? from, to: through, count: (last?.count ?? 0) + count,
                reason: reason))
        return []
    }

    /// Starts what a health check wants most, if nothing of it is in flight and there is a place.
    mutating func consider(_ index: Int, at now: Timestamp) -> [ScheduleAction] {
        let entry = entries[index]
        guard entry.running == nil, !entry.isSuspended, let line = wish(entry) else { return [] }
        return places.take(index, of: entry.target, as: line) ? [.start(start(index, at: now))] : []
    }

    /// What a health check wants most, as the line in which it would wait for it.
    private func wish(_ entry: Entry) -> Places.Line? {
        if entry.wantsManual { return .urgent }
        if entry.pendingSlot != nil || entry.wantsInitial { return .slots }
        return entry.wantsConfirm ? .confirmations : nil
    }

    private mutating func start(_ index: Int, at now: Timestamp) -> Job {
        let entry = entries[index]
        let trigger: Trigger
        let at: Timestamp
        if let slot = entry.pendingSlot {
            trigger = .scheduled
            at = slot
        } else {
            trigger = entry.wantsManual ? .manual : entry.wantsInitial ? .initial : .confirm
            at = key(entry, now)
            entries[index].lastAt = at
        }
        let job = Job(index: index, ticket: nextTicket, trigger: trigger, at: at)
        nextTicket += 1
        entries[index].pendingSlot = nil
        entries[index].wantsInitial = false
        entries[index].wantsConfirm = false
        entries[index].wantsManual = false
        entries[index].confirmAt = nil
        entries[index].running = job.ticket
        entries[index].runningTarget = entry.target
        running += 1
        entries[index].hungWhenStarted = places.hangs(entry.target)
        entries[index].lastStarted = job.at
        return job
    }

    /// The start as a key that no other run has: after the last one, and not a slot's.
    private func key(_ entry: Entry, _ now: Timestamp) -> Timestamp {
        let at = max(now, entry.lastAt + .microseconds(1))
        return entry.grid.latest(at: at) == at ? at + .microseconds(1) : at
    }
}
