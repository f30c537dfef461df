package import VitalsCore

/// A probe bound to its target: talks to it once for each `start`, within a deadline.
package protocol Probe: Sendable {
    var kind: ProbeKind { get }

    /// Host and port (or the socket's path), lower case: health checks that share it share its places.
    var endpoint: String { get }

    /// The target as a person may see it: without any secret.
    var address: String { get }

    /// Everything that makes this target another one when it changes: kind, address, credentials, TLS and
    /// request settings, one unambiguous text. Holds secrets; only ever digested.
    var identity: String { get }

    /// What the target says and the probe does not do, for its author; without any secret. Default: nothing.
    var warnings: [String] { get }

    /// More often than this its target does not want to be asked. Default: nothing, as often as you like.
    var leastInterval: Duration? { get }

    /// What it is that pings, where the target is not asked. Default: nothing, it is asked.
    var heartbeat: HeartbeatSettings? { get }

    /// The same probe, whose results hold what conditions ask for. Default: itself, which is right where
    /// its form observes no more than every probe does.
    func observing(_ needs: ConditionNeeds) -> any Probe

    /// The same probe, which measures these vitals, of those that its form knows. Default: itself.
    func measuring(_ rules: [VitalRule]) -> any Probe

    /// Which part the target is to have, where it is a database. Default: any.
    var expectedRole: ExpectedRole { get }

    /// The same probe, which leaves what it writes under this name: at most 64 letters, digits and dashes,
    /// the same for as long as the health check is. Default: itself, which is right where nothing is written.
    func writing(as prober: String) -> any Probe

    /// The same probe, which puts these questions to its database in every run that reads from it. Default:
    /// itself.
    func asking(_ questions: [OwnQuestion]) -> any Probe

    /// A text that may hold what the target answered, without any secret of ours. Default: as it is.
    func scrubbed(_ text: String) -> String

    /// Begins one run. Synchronous and quick; called on the loop that will own the connection.
    ///
    /// - Parameters:
    ///   - job: why and for how long.
    ///   - done: called exactly once, on the same loop, when the verdict is in (never before `start`
    ///     returns); the polite close may still follow it.
    /// - Returns: ends the run early, from any thread; `done` is then called with cause `internal`.
    func start(_ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void) -> ProbeCancellation
}

extension Probe {
    package var warnings: [String] { [] }
    package var leastInterval: Duration? { nil }
    package var heartbeat: HeartbeatSettings? { nil }
    package func observing(_ needs: ConditionNeeds) -> any Probe { self }
    package func measuring(_ rules: [VitalRule]) -> any Probe { self }
    package var expectedRole: ExpectedRole { .any }
    package func writing(as prober: String) -> any Probe { self }
    package func asking(_ questions: [OwnQuestion]) -> any Probe { self }
    package func scrubbed(_ text: String) -> String { text }
}

/// One run that a probe is to make.
package struct ProbeJob: Sendable, Equatable {
    /// The run's `at`: the slot's instant for a scheduled run, the start otherwise.
    package let at: Timestamp
    package let trigger: Trigger
    /// The one deadline for everything, from the start.
    package let timeout: Duration
    /// Which vitals are measured besides. A probe that measures none takes no notice.
    package let round: VitalRound
    /// For all vitals together, from when the verdict is in.
    package let vitalsTimeout: Duration

    /// - Parameter interval: of its slots; nothing: it has none.
    package init(at: Timestamp, trigger: Trigger, timeout: Duration, interval: Duration? = nil) {
        self.at = at
        self.trigger = trigger
        self.timeout = timeout
        round = interval.map { VitalRound(trigger, interval: $0) } ?? .none
        vitalsTimeout = min(max((interval ?? .seconds(10)) / 2, .seconds(1)), .seconds(5))
    }

    /// The same, measuring what is asked for.
    package func measuring(_ round: VitalRound, within timeout: Duration? = nil) -> ProbeJob {
        ProbeJob(self, round, timeout ?? vitalsTimeout)
    }

    private init(_ job: ProbeJob, _ round: VitalRound, _ vitalsTimeout: Duration) {
        at = job.at
        trigger = job.trigger
        timeout = job.timeout
        self.round = round
        self.vitalsTimeout = vitalsTimeout
    }

    /// The names of those that this run measures.
    package func due(_ rules: [VitalRule]) -> Set<String> {
        guard round != .none else { return [] }
        var names: Set<String> = []
        // What one statement measures stands together, and mostly has one cadence.
        var last: (every: Duration, isDue: Bool)?
        for rule in rules {
            let isDue =
                last?.every == rule.every ? last?.isDue == true : round.includes(every: rule.every, at: at)
            last = (rule.every, isDue)
            if isDue { names.insert(rule.name) }
        }
        return names
    }
}

/// Ends a run early. May be called from any thread, and after the run has ended.
package typealias ProbeCancellation = @Sendable () -> Void

/// The thread on which probes run and on which the scheduler's timer fires.
package protocol ProbeLoop: Sendable {
    /// Runs `work` on the loop, soon; from any thread.
    func execute(_ work: @escaping @Sendable () -> Void)

    /// Runs `work` on the loop once `delay` has passed.
    ///
    /// - Returns: takes it back if it has not begun.
    func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) -> @Sendable () -> Void
}
