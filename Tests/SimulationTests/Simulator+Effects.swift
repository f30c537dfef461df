import VitalsCore
import VitalsTesting

@testable import VitalsEngine

/// The shells of scheduler, recorder and dispatcher, in one thread.
extension Simulator {
    /// Between any two of these the process may end.
    mutating func effect() throws(Interruption) {
        effectsLeft -= 1
        if effectsLeft == 0 { throw .crash }
    }

    // MARK: Scheduler

    mutating func tick() throws(Interruption) {
        let now = now()
        let jumped = node.clock.takeStep() > .zero
        try perform(node.schedule.tick(at: now, jumped: jumped), at: now)
    }

    mutating func endFlight() throws(Interruption) {
        guard let flight = node.flights.popFirst() else { return }
        try end(flight, flight.result)
    }

    mutating func handOver(
        _ flight: SimulatedNode.Flight, _ result: ProbeResult, timedOut: Bool
    ) throws(Interruption) {
        let job = flight.job
        let healthCheck = flight.healthCheck
        let run = Run(
            of: healthCheck, at: job.at, startedAt: flight.startedAt, trigger: job.trigger, result: result)
        trace.note(.ended, node.places[job.index], job.at.microseconds, at: boot)
        auditor.ended(node.places[job.index])
        node.lastEnded[job.index] = job.at
        try effect()
        let isAwaited = node.awaited[job.index].map { $0 <= job.ticket } ?? false
        if isAwaited { node.awaited[job.index] = nil }
        receive(.run(run, ticket: job.ticket, isEvaluated: healthCheck.isEnabled), isAwaited: isAwaited)
        let now = now()
        let jumped = node.clock.takeStep() > .zero
        let actions = node.schedule.finish(job, timedOut: timedOut, at: now, jumped: jumped)
        try perform(actions, at: now)
    }

    mutating func perform(_ actions: [ScheduleAction], at now: Timestamp) throws(Interruption) {
        for action in actions {
            guard case .start(let job) = action else { continue }
            try effect()
            try start(job)
        }
        for action in actions {
            guard case .miss(let miss) = action else { continue }
            try effect()
            trace.note(.missed, auditor.place(of: miss.healthCheck), miss.to.microseconds, at: boot)
            receive(.miss(miss))
        }
    }

    private mutating func start(_ job: Job) throws(Interruption) {
        let startedAt = max(now(), job.at)
        let place = node.places[job.index]
        let healthCheck = node.healthChecks[job.index]
        let timeout = healthCheck.policy.timeout
        let result =
            healthCheck.heartbeat.map { _ in ProbeResult(latency: .zero) }
            ?? network.meet(within: timeout, using: &generator)
            ?? targets[place].meet(within: timeout, using: &generator)
        trace.note(.started, place, job.at.microseconds, at: boot)
        try auditor.started(place, job, at: startedAt, running: node.schedule.running)
        node.flights.push(
            SimulatedNode.Flight(
                endsAt: boot + result.latency.microseconds, job: job, startedAt: startedAt,
                healthCheck: healthCheck, result: result))
    }

    /// What the recorder found comes to the scheduler.
    mutating func arrive() throws(Interruption) {
        guard let place = node.hops.firstIndex(where: { $0.arrivesAt <= boot }) else { return }
        let hop = node.hops.remove(at: place)
        follow(hop.consequences)
    }

    private mutating func follow(_ consequences: Consequences) {
        for confirmation in consequences.confirmations {
            guard let index = node.schedule.index(of: confirmation.healthCheck) else { continue }
            node.schedule.confirm(index, of: confirmation.of, at: confirmation.due)
        }
        for backOff in consequences.backOffs {
            guard let index = node.schedule.index(of: backOff.healthCheck) else { continue }
            node.schedule.backOff(index, until: backOff.until)
        }
    }

    // MARK: Recorder

    mutating func receive(_ item: LedgerItem, isAwaited: Bool = false) {
        node.inbox.add(item, isAwaited: isAwaited, at: now())
    }

    /// The recorder is woken: it writes what is due, or looks at ages.
    mutating func record() throws(Interruption) {
        guard node.writing == nil else { return }
        let now = now()
        node.looksAt = boot + 1_000_000
        if node.change != nil, node.failed != nil || node.inbox.isBehind { return try giveUpChange() }
        if let batch = node.inbox.take(at: now, isStopping: node.isStopping || node.change != nil) {
            node.ledger.listen(since: node.lookout.listening(at: now))
            return try write(batch, at: now)
        }
        if let change = node.change { return try write([.reconfigure(change.reconfiguration)], at: now) }
        let baseline = node.lookout.look(at: now)
        if !node.inbox.isBehind { for item in node.ledger.late(at: now) { receive(item) } }
        guard let baseline, node.inbox.failures == 0 else { return }
        let overdue = node.ledger.overdue(baseline: baseline, at: now)
        for item in overdue { receive(item) }
        try auditor.looked(node.inbox, at: now)
    }

    private mutating func write(_ batch: [LedgerItem], at now: Timestamp) throws(Interruption) {
        var (fate, after) = store.fate(using: &generator)
        // What a store may have written all the same is tried again as it was; a change is given up, which
        // only a store may be told that has not written it.
        if fate == .writtenUnanswered, case .reconfigure? = batch.first { fate = .notWritten }
        let changes = node.failed?.changes ?? node.ledger.draft(batch, at: now)
        node.writing = SimulatedNode.Writing(
            batch: batch, changes: changes, draftedAt: node.failed?.draftedAt ?? now,
            listeningSince: node.failed?.listeningSince ?? node.ledger.listeningSince,
            writings: node.failed?.writings ?? 0, fate: fate, answersAt: boot + after.microseconds)
        trace.note(.committing, -1, Int64(batch.count), at: boot)
        try effect()
    }

    /// The store has written the batch, or not, and says so, or not.
    mutating func answer() throws(Interruption) {
        guard var writing = node.writing else { return }
        if writing.fate != .notWritten {
            try apply(&writing)
            node.writing?.writings = writing.writings
            try effect()
        }
        node.writing = nil
        let now = now()
        let isChange = writing.changes.reconfiguration != nil
        guard writing.fate == .written else {
            if isChange { return try giveUpChange() }
            trace.note(writing.writings > 0 ? .answerLost : .notApplied, -1, 0, at: boot)
            node.failed = writing
            _ = node.inbox.failed(writing.batch, at: now)
            return try record()
        }
        node.failed = nil
        let changes = writing.changes
        node.ledger.adopt(changes)
        let (settled, unsettled) = node.ledger.settled(changes.beliefs)
        node.inbox.committed(settled: settled, unsettled: unsettled, at: now)
        try auditor.adopted(changes, node.ledger)
        if isChange { try takeOver(writing.changes, at: writing.draftedAt) }
        commits += 1
        if commits % 4_096 == 0 { try compareWithStore() }
        try follow(from: changes.consequences)
        try record()
    }

    /// Writes it down, once or once more.
    mutating func apply(_ writing: inout SimulatedNode.Writing) throws(Interruption) {
        // What is the same after two is the same after three.
        let before = writing.writings == 1 ? store.tables.state : nil
        try store.record(writing.changes.batch)
        trace.note(.applied, -1, Int64(writing.batch.count), at: boot)
        if let before {
            // Unless it was old enough to have been removed meanwhile.
            guard store.tables.state == before || prunedAt > writing.draftedAt else {
                throw .broken("the same batch twice is one", "\(writing.changes.batch)")
            }
        } else if writing.writings == 0 {
            auditor.listeningSince = writing.listeningSince
            try auditor.committed(writing.batch, writing.changes, at: writing.draftedAt)
        }
        writing.writings += 1
    }

    /// Scheduler and dispatcher are told in either order; the scheduler sometimes a little later.
    private mutating func follow(from consequences: Consequences) throws(Interruption) {
        if !consequences.confirmations.isEmpty || !consequences.backOffs.isEmpty {
            try effect()
            if generator.oneIn(8) {
                let arrivesAt = boot + Int64(generator.below(20_000))
                node.hops.append(SimulatedNode.Hop(arrivesAt: arrivesAt, consequences: consequences))
            } else {
                follow(consequences)
            }
        }
        guard !consequences.cancelled.isEmpty || !consequences.claims.isEmpty || !consequences.ready.isEmpty
        else { return }
        try effect()
        for id in consequences.cancelled { node.dispatch.cancel(id) }
        for claim in consequences.claims {
            let actions = node.dispatch.claimed(claim.notification, isGranted: claim.isGranted)
            // A claim that comes back while the node stops is sent after the next start.
            if !node.isStopping { try perform(actions) }
        }
        for entry in consequences.ready {
            let due = entry.nextAttemptAt ?? entry.notification.createdAt
            node.dispatch.add(entry.notification, isBegun: false, ended: 0, due: due)
        }
    }

    // MARK: Dispatcher

    mutating func dispatch() throws(Interruption) {
        try perform(node.dispatch.tick(at: now()))
    }

    private mutating func perform(_ actions: [DispatchAction]) throws(Interruption) {
        for action in actions {
            try effect()
            switch action {
            case .claim(let id):
                receive(.claim(id))
            case .send(let notification):
                try send(notification)
            case .ended(let attempt, let notification):
                receive(.attempt(attempt, of: notification))
            }
        }
    }

    private mutating func send(_ notification: Notification) throws(Interruption) {
        guard scenario.channels.contains(where: { $0.id == notification.channel }) else {
            let outcome = DeliveryOutcome.refused(httpStatus: nil, message: "no such channel")
            return node.sendings.append(
                SimulatedNode.Sending(endsAt: boot, notification: notification, outcome: outcome))
        }
        let (outcome, after) = receivers[notification.channel, default: Receiver()].answer(using: &generator)
        let place = notification.healthCheck.map { auditor.place(of: $0) } ?? -1
        trace.note(.sent, place, notification.at.microseconds, at: boot)
        try auditor.sends(notification)
        node.sendings.append(
            SimulatedNode.Sending(
                endsAt: boot + after.microseconds, notification: notification, outcome: outcome))
    }

    mutating func endSending() throws(Interruption) {
        guard
            let place = node.sendings.indices.min(by: { node.sendings[$0].endsAt < node.sendings[$1].endsAt })
        else { return }
        let sending = node.sendings.remove(at: place)
        trace.note(.told, -1, sending.notification.at.microseconds, at: boot)
        auditor.answered(sending.notification, sending.outcome)
        try effect()
        let actions = node.dispatch.sent(
            sending.notification.id, sending.outcome, at: now(), using: &generator)
        try perform(actions)
    }
}
