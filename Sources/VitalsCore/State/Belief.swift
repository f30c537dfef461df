/// All that a node holds of one health check: the stored evaluation, and what is only of use while it runs.
package struct Belief: Sendable, Equatable {
    package private(set) var evaluation: Evaluation
    package private(set) var lastRun: Run?
    /// The latest of what is measured besides.
    package private(set) var vitals: KnownVitals
    /// Which server answered last, and in which part.
    package private(set) var server: KnownServer
    /// Since when it is as it is: slots up to then are accounted for. Nothing: not known.
    package let since: Timestamp?
    /// When the last run ended that told something of the target; nothing since the node's start.
    private var lastConclusive: Timestamp?
    private var backedOffUntil: Timestamp?
    /// Confirmation runs since the last run of another trigger.
    private var confirmations = 0
    /// Inconclusive runs in a row.
    private var inconclusives = 0

    /// How many inconclusive runs in a row are reported as our own trouble.
    private static let lastingInconclusives = 3
    private static let longestBackOff: Duration = .seconds(15 * 60)
    private static let longestPause: Duration = .seconds(60 * 60)

    package init(
        _ evaluation: Evaluation = Evaluation(), lastRun: Run? = nil, vitals: KnownVitals = KnownVitals(),
        server: KnownServer = KnownServer(), since: Timestamp? = nil
    ) {
        self.evaluation = evaluation
        self.lastRun = lastRun
        self.vitals = vitals
        self.server = server
        self.since = since
    }

    /// The run, with the verdict on the server that answered, on the vitals that it measured and on those
    /// that stand.
    package mutating func judge(_ run: Run, _ policy: Policy) -> Run {
        vitals.judge(server.judge(run, policy.role), policy)
    }

    /// Takes in a run and says what follows from it.
    package mutating func apply(_ run: Run, _ policy: Policy, isDatabase: Bool) -> [Effect] {
        let previousCause = lastRun?.result.fault?.cause
        let causeClass = run.result.fault.map {
            $0.cause.causeClass(in: $0.phase, isDatabase: isDatabase, hasPassed: evaluation.hasPassed)
        }
        var effects = evaluation.apply(run, causeClass, policy.thresholds)
        // A ping may have been heard, and recorded, while the run of an earlier slot was on its way.
        if lastRun.map({ $0.at <= run.at }) ?? true { lastRun = run }
        if !effects.isEmpty || (run.result.fault != nil && run.result.fault?.cause != previousCause) {
            effects.append(.keepEvidence)
        }
        effects += follow(run, causeClass, policy)
        return effects
    }

    /// The clock has moved on: a state without a conclusive run for too long is not known any more.
    ///
    /// - Parameter baseline: the node's start, or the last time when it was itself asleep.
    package mutating func expire(
        _ healthCheck: HealthCheckID, _ policy: Policy, baseline: Timestamp, at now: Timestamp
    ) -> [Effect] {
        guard now >= expiry(policy, baseline: baseline) else { return [] }
        return evaluation.expire(healthCheck, at: now)
    }

    /// When the state will have been without a conclusive run for too long, if none comes.
    package func expiry(_ policy: Policy, baseline: Timestamp) -> Timestamp {
        max(lastConclusive ?? baseline, baseline, backedOffUntil ?? baseline, since ?? baseline)
            + policy.maximumAge
    }

    /// Starts again from `unknown`.
    package mutating func reset(
        _ healthCheck: HealthCheckID, because reason: EndReason, at now: Timestamp
    ) -> [Effect] {
        let effects = evaluation.reset(healthCheck, because: reason, at: now)
        self = Belief(evaluation, since: now)
        return effects
    }

    mutating func rename(to id: HealthCheckID) { lastRun = lastRun?.renamed(to: id) }

    private mutating func follow(_ run: Run, _ causeClass: CauseClass?, _ policy: Policy) -> [Effect] {
        if run.outcome == .inconclusive {
            inconclusives += 1
            let alert: [Effect] =
                inconclusives == Self.lastingInconclusives
                ? [.selfAlert(reason: "inconclusive_\(run.result.fault?.cause.rawValue ?? "run")")] : []
            guard let until = Self.pause(after: run, policy.interval) else { return alert }
            backedOffUntil = until
            return alert + [.backOff(until: until)]
        }
        inconclusives = 0
        lastConclusive = run.endedAt
        if evaluation.authFailures > 0 {
            let until = run.at + Self.backOff(after: evaluation.authFailures, policy.interval)
            backedOffUntil = until
            return [.backOff(until: until)]
        }
        backedOffUntil = nil
        return confirmation(of: run, causeClass, policy).map { [.confirm(at: $0)] } ?? []
    }

    /// A run that disagrees with the state is confirmed, at most one time fewer than the highest threshold
    /// for each run that was none itself. What is ours to mend needs no confirming.
    private mutating func confirmation(
        of run: Run, _ causeClass: CauseClass?, _ policy: Policy
    ) -> Timestamp? {
        confirmations = run.trigger == .confirm ? confirmations + 1 : 0
        guard let delay = policy.confirmEvery, causeClass != .config else { return nil }
        guard confirmations < policy.thresholds.mostConfirmations else { return nil }
        let agreed: State =
            switch run.outcome {
            case .pass: .healthy
            case .warn: .degraded
            case .fail, .inconclusive: .unhealthy
            }
        return evaluation.state == agreed ? nil : run.endedAt + delay
    }

    /// Until when a target is left alone that wants to be asked less often: for as long as it says, but never
    /// less than two intervals, and no longer than an hour (or the interval, if that is longer).
    ///
    /// - Returns: nothing where the run says no such thing.
    static func pause(after run: Run, _ interval: Duration) -> Timestamp? {
        guard run.result.fault?.cause == .rateLimited else { return nil }
        let wished = min(run.result.retryAfter ?? .zero, longestPause)
        return run.at + max(wished, interval * 2)
    }

    /// The interval, doubled for each refused login, up to 15 minutes.
    static func backOff(after failures: Int, _ interval: Duration) -> Duration {
        max(interval, min(interval * (1 << min(failures, 20)), longestBackOff))
    }
}
