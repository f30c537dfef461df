/// One execution of a health check. Its key is (health check, location, `at`).
package struct Run: Sendable, Equatable {
    package let healthCheck: HealthCheckID
    /// Where it was made; `local` is this node.
    package let location: String
    /// The slot's instant for a scheduled run, the start otherwise.
    package let at: Timestamp
    /// When the probe really started.
    package let startedAt: Timestamp
    package let trigger: Trigger
    package let outcome: Outcome
    package let result: ProbeResult

    package static let local = "local"

    package init(
        of healthCheck: HealthCheckID, location: String = Run.local, at: Timestamp, startedAt: Timestamp,
        trigger: Trigger, outcome: Outcome, result: ProbeResult
    ) {
        self.healthCheck = healthCheck
        self.location = location
        self.at = at
        self.startedAt = startedAt
        self.trigger = trigger
        self.outcome = outcome
        self.result = result
    }

    /// What a probe of this node found of a health check.
    package init(
        of healthCheck: HealthCheck, at: Timestamp, startedAt: Timestamp, trigger: Trigger,
        result: ProbeResult
    ) {
        // Whether it passed before moves a cause between classes that both fail.
        let causeClass = result.fault.map {
            $0.cause.causeClass(in: $0.phase, isDatabase: healthCheck.kind.isDatabase, hasPassed: true)
        }
        self.init(
            of: healthCheck.id, at: at, startedAt: startedAt, trigger: trigger,
            outcome: causeClass?.outcome ?? .pass, result: result)
    }

    /// The same run, whose result was looked at again. Only what passed can have become a warn by that.
    func with(_ result: ProbeResult) -> Run {
        Run(
            of: healthCheck, location: location, at: at, startedAt: startedAt, trigger: trigger,
            outcome: outcome == .pass && result.fault != nil ? .warn : outcome, result: result)
    }

    /// The instant at which it was due; nothing for a run that no slot asked for.
    package var slot: Timestamp? { trigger == .scheduled ? at : nil }

    package var endedAt: Timestamp { startedAt + result.latency }
}

/// Consecutive slots of one health check that were not run, for one reason.
package struct Miss: Sendable, Equatable {
    package let healthCheck: HealthCheckID
    /// The first and the last of the slots.
    package let from: Timestamp
    package let to: Timestamp
    package let count: Int
    package let reason: MissReason

    package init(
        of healthCheck: HealthCheckID, from: Timestamp, to: Timestamp, count: Int, reason: MissReason
    ) {
        precondition(from <= to)
        precondition(count > 0)
        self.healthCheck = healthCheck
        self.from = from
        self.to = to
        self.count = count
        self.reason = reason
    }
}
