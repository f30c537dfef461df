import VitalsCore
import VitalsTesting

@testable import VitalsEngine

/// How a process begins and ends.
extension Simulator {
    /// The process is gone; what it had sent to the store may have arrived.
    mutating func die() throws(Interruption) {
        trace.note(.crashed, -1, 0, at: boot)
        effectsLeft = .max
        if var writing = node.writing, writing.fate != .notWritten, generator.oneIn(2) { try apply(&writing) }
        if node.writing == nil, node.failed == nil { try compareWithStore() }
        // The files say so still, and the next process finds them.
        guard let change = node.change else { return }
        // A name that may be in the store is not taken back.
        if !change.reconfiguration.renamed.isEmpty || generator.oneIn(2) { scenario = change.scenario }
    }

    /// After a while the next process begins, perhaps with another configuration.
    mutating func restart() throws(Interruption) {
        if boot < eventfulUntil {
            boot += Int64(generator.below(generator.oneIn(8) ? 2_000_000_000 : 60_000_000))
            if generator.oneIn(4) { scenario.reconfigure(at: wall, using: &generator) }
            if generator.oneIn(3) { effectsLeft = 1 + generator.below(12) }
        }
        while true {
            do {
                return try start()
            } catch .crash {
                effectsLeft = .max
                trace.note(.crashed, -1, 1, at: boot)
            }
        }
    }

    /// As a node does: takes up what the store knows, and records what the start means.
    mutating func start() throws(Interruption) {
        let loaded = store.tables.state
        let renamed = scenario.renaming(of: Set(loaded.healthChecks.keys))
        let stored = loaded.renamed(renamed)
        guard let anchor = Anchor(wall: wall, boot: boot, newestStored: stored.newest) else {
            trace.note(.refusedToStart, -1, 0, at: boot)
            try auditor.refused(newest: stored.newest, wall: wall)
            // Somebody sets the clock right.
            wallAtBoot = wallAtBoot + ((stored.newest ?? wall) - wall)
            return try start()
        }
        var clock = NodeClock.Reading(anchor)
        let now = clock.now(wall: wall, boot: boot)
        try auditor.starts(scenario, newest: stored.newest, at: now)
        var ledger = Self.ledger(scenario, stored)
        ledger.listen(since: now)
        let (items, runAtOnce) = ledger.opening(stored, renamed: renamed, at: now)
        var opening = ledger.draft(items, at: now)
        opening.batch.renamed = renamed
        try effect()
        if !opening.batch.isEmpty {
            try store.record(opening.batch)
            try auditor.committed(items, opening, at: now)
        }
        try effect()
        ledger.adopt(opening)
        try auditor.adopted(opening, ledger)
        let (settled, unsettled) = ledger.settled(ledger.beliefs)
        var inbox = Inbox(unsettled: Set(unsettled), capacity: scenario.capacity)
        inbox.committed(settled: settled, unsettled: unsettled, at: now)
        let schedule = Self.schedule(scenario, runAtOnce, at: now)
        node = Self.node(scenario, clock, ledger, inbox, schedule, at: now, boot: boot)
        if scenario.referencePoints > 0 {
            node.connectivity = Connectivity(points: scenario.referencePoints)
        }
        for entry in ledger.sendable(stored.notifications) {
            node.dispatch.add(
                entry.notification, isBegun: entry.isBegun, ended: entry.endedAttempts,
                due: entry.nextAttemptAt ?? entry.notification.createdAt)
        }
        trace.note(.restarted, -1, now.microseconds, at: boot)
        try compareWithStore()
    }

    /// What is in memory is what a start would find.
    func compareWithStore() throws(Interruption) {
        let reloaded = Self.ledger(scenario, store.tables.state)
        let cutoff = prunedAt - scenario.retention
        let differences = LedgerContent(node.ledger, since: cutoff)
            .differences(from: LedgerContent(reloaded, since: cutoff))
        guard differences.isEmpty else {
            throw .broken("state reloaded equals state in memory", differences.joined(separator: "\n"))
        }
    }

    // MARK: Stopping

    /// Begins to stop, as on SIGTERM.
    mutating func stop() {
        guard !node.isStopping else { return }
        trace.note(.stopping, -1, 0, at: boot)
        node.schedule.stop()
        node.cutsShortAt = boot + 11_250_000
    }

    /// Runs in flight are cut short, and attempts are left behind.
    mutating func cutShort() throws(Interruption) {
        node.cutsShortAt = .max
        node.sendings = []
        while let flight = node.flights.popFirst() {
            let latency = Duration.microseconds(max(0, now().microseconds - flight.startedAt.microseconds))
            let fault = Fault(.internal, in: .connect, message: "cut short")
            try end(flight, ProbeResult(fault: fault, latency: latency))
        }
        try settleUnanswered()
    }

    mutating func stopIfDone() throws(Interruption) {
        guard node.flights.first == nil, node.inDoubt.isEmpty, node.sendings.isEmpty, node.writing == nil
        else { return }
        guard node.inbox.isEmpty || node.inbox.failures > 0 else { return try record() }
        trace.note(.stopped, -1, 0, at: boot)
        if node.failed == nil { try compareWithStore() }
        try restart()
    }

    // MARK: Making values

    static func ledger(_ scenario: Scenario, _ stored: StoredState) -> Ledger {
        Ledger(profiles: views(scenario), channels: scenario.channels, stored: stored)
    }

    static func views(_ scenario: Scenario) -> [HealthCheckView] {
        scenario.healthChecks.map {
            HealthCheckView(
                $0, systemName: $0.system.text, address: "db", evaluation: Evaluation(), lastRun: nil)
        }
    }

    static func schedule(
        _ scenario: Scenario, _ runAtOnce: Set<HealthCheckID>, at now: Timestamp
    ) -> Schedule {
        let plans = scenario.healthChecks.map { plan($0, scenario, isNew: runAtOnce.contains($0.id)) }
        return Schedule(
            plans, total: scenario.total, perTarget: scenario.perTarget, batch: scenario.batch, at: now)
    }

    static func plan(_ healthCheck: HealthCheck, _ scenario: Scenario, isNew: Bool) -> Schedule.Plan {
        let id = healthCheck.id
        return Schedule.Plan(
            id: id, interval: healthCheck.policy.interval, isEnabled: healthCheck.isEnabled,
            endpoint: scenario.endpoints[id] ?? id.text, isNew: isNew)
    }

    static func node(
        _ scenario: Scenario, _ clock: NodeClock.Reading, _ ledger: Ledger, _ inbox: Inbox,
        _ schedule: Schedule, at now: Timestamp, boot: Int64
    ) -> SimulatedNode {
        SimulatedNode(
            startedAt: now, healthChecks: scenario.healthChecks,
            places: scenario.healthChecks.map { scenario.place(of: $0.id) }, clock: clock,
            offset: now.microseconds - boot, schedule: schedule, inbox: inbox, ledger: ledger,
            lookout: Lookout(at: now), looksAt: boot)
    }

    /// Before the first start: nothing.
    static func firstNode(_ scenario: Scenario, at now: Timestamp) -> SimulatedNode {
        node(
            scenario, NodeClock.Reading(Anchor(wall: now, boot: 0)), ledger(scenario, StoredState()),
            Inbox(unsettled: []), Schedule([], total: 1, perTarget: 1, at: now), at: now, boot: 0)
    }
}
