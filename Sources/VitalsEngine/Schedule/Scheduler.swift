import Synchronization
import VitalsCore

/// Performs what the schedule says, on the loop of the probes: one timer, no thread of its own.
final class Scheduler: Sendable {
    /// A run that ended.
    struct Ended: Sendable {
        let run: Run
        let ticket: Int
        /// Not for a manual run of a disabled health check.
        let isEvaluated: Bool
    }

    struct State {
        var schedule: Schedule
        /// By their places in the schedule.
        var healthChecks: [ConfiguredHealthCheck]
        /// Asked before a target is said not to be reached.
        var referencePoints: ReferencePoints?
        /// How to end the runs in flight early, by ticket.
        var cancellations: [Int: ProbeCancellation] = [:]
        /// When the timer rings, and how to take it back.
        var due: Timestamp?
        var takeBack: (@Sendable () -> Void)?
        var whenIdle: CheckedContinuation<Void, Never>?
        /// The tickets of runs that ended, and wait for what the reference points say.
        var inDoubt: Set<Int> = []
        /// The `at` of the last run of each health check that was handed over, by its place.
        var lastEnded: [Int: Timestamp] = [:]
    }

    let loop: any ProbeLoop
    let clock: NodeClock
    private let beat: Beat
    /// The timer sleeps no longer than this, so that a step of the wall clock is noticed.
    private let longestSleep: Duration
    private let known: @Sendable (HealthCheckID, Timestamp) -> HealthCheckView?
    private let ended: @Sendable (Ended) -> Void
    private let missed: @Sendable ([Miss]) -> Void
    let state: Mutex<State>

    /// For runs that were cut short to say so.
    private static let lastWait: Duration = .seconds(1)

    /// - Parameters:
    ///   - longestSleep: how long the timer sleeps when nothing is due.
    ///   - referencePoints: nothing: a run that cannot reach its target is believed.
    ///   - known: what is recorded of a health check.
    ///   - ended: takes a run; called on the loop.
    ///   - missed: takes slots that were not run; called on the loop.
    init(
        _ healthChecks: [ConfiguredHealthCheck], _ schedule: Schedule, on loop: any ProbeLoop,
        _ clock: NodeClock, beat: Beat, longestSleep: Duration = .seconds(15),
        referencePoints: ReferencePoints? = nil,
        known: @escaping @Sendable (HealthCheckID, Timestamp) -> HealthCheckView? = { _, _ in nil },
        ended: @escaping @Sendable (Ended) -> Void,
        missed: @escaping @Sendable ([Miss]) -> Void
    ) {
        self.loop = loop
        self.clock = clock
        self.beat = beat
        self.longestSleep = longestSleep
        self.known = known
        self.ended = ended
        self.missed = missed
        state = Mutex(State(schedule: schedule, healthChecks: healthChecks, referencePoints: referencePoints))
    }

    /// Begins to run what falls due.
    func begin() {
        loop.execute { self.tick() }
    }

    /// Runs in flight, and those that wait for a place.
    var load: (running: Int, waiting: Int) {
        state.withLock { ($0.schedule.running, $0.schedule.waiting) }
    }

    /// Takes in what the recorder found to follow from a batch.
    func follow(
        confirmations: [(healthCheck: HealthCheckID, of: Timestamp, due: Timestamp)],
        backOffs: [(healthCheck: HealthCheckID, until: Timestamp)]
    ) {
        guard !confirmations.isEmpty || !backOffs.isEmpty else { return }
        loop.execute {
            self.state.withLock { state in
                for confirmation in confirmations {
                    guard let index = state.schedule.index(of: confirmation.healthCheck) else { continue }
                    state.schedule.confirm(index, of: confirmation.of, at: confirmation.due)
                }
                for backOff in backOffs {
                    guard let index = state.schedule.index(of: backOff.healthCheck) else { continue }
                    state.schedule.backOff(index, until: backOff.until)
                }
            }
            self.rearm()
        }
    }

    /// Runs a health check now, or joins the run in flight.
    ///
    /// - Parameter joined: called once, on the loop, before the run can end, with the lowest ticket that
    ///   answers; nothing: there is no such health check.
    func run(_ id: HealthCheckID, joined: @escaping @Sendable (Int?) -> Void) {
        loop.execute {
            let (now, jumped) = self.clock.read()
            let begun = self.state.withLock { state in
                state.schedule.index(of: id).map { state.schedule.manual($0, at: now, jumped: jumped) }
            }
            joined(begun?.ticket)
            self.perform(begun?.actions ?? [], at: now)
        }
    }

    /// Starts nothing any more. Returns once the runs in flight have ended; after `patience` they are cut
    /// short, and what does not even then end is left behind.
    func stop(patience: Duration) async {
        state.withLock { state in
            state.schedule.stop()
            state.takeBack?()
            state.takeBack = nil
        }
        let cutShort = loop.schedule(after: patience) {
            let cancellations = self.state.withLock { Array($0.cancellations.values) }
            cancellations.forEach { $0() }
        }
        let leaveBehind = loop.schedule(after: patience + Self.lastWait) {
            let whenIdle = self.state.withLock { state in
                defer { state.whenIdle = nil }
                return state.whenIdle
            }
            whenIdle?.resume()
        }
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                guard state.schedule.running > 0 else { return true }
                state.whenIdle = continuation
                return false
            }
            if isIdle { continuation.resume() }
        }
        cutShort()
        leaveBehind()
    }

    private func tick() {
        let (now, jumped) = clock.read()
        beat.strike(now)
        let actions = state.withLock { state in
            state.due = nil
            return state.schedule.tick(at: now, jumped: jumped)
        }
        perform(actions, at: now)
        rearm()
    }

    func rearm() {
        let now = clock.now()
        state.withLock { state in
            guard !state.schedule.isStopped else { return }
            let latest = now + longestSleep
            let due = min(state.schedule.nextDue ?? latest, latest)
            if let set = state.due, set <= due { return }
            state.takeBack?()
            state.due = due
            beat.expect(due)
            state.takeBack = loop.schedule(after: max(.zero, due - now)) { [weak self] in self?.tick() }
        }
    }

    func perform(_ actions: [ScheduleAction], at now: Timestamp) {
        var misses: [Miss] = []
        for action in actions {
            switch action {
            case .start(let job): start(job)
            case .miss(let miss): misses.append(miss)
            }
        }
        if !misses.isEmpty { missed(misses) }
    }

    private func start(_ job: Job) {
        let entry = state.withLock { $0.healthChecks[job.index] }
        let startedAt = max(clock.now(), job.at)
        let policy = entry.healthCheck.policy
        let run = ProbeJob(
            at: job.at, trigger: job.trigger, timeout: policy.timeout, interval: policy.interval)
        let cancel = entry.probe.start(run) { result in
            self.finish(job, entry, startedAt, result)
        }
        state.withLock { $0.cancellations[job.ticket] = cancel }
    }

    /// The probe has ended. If it found no way to its target, and that would be news, the run stays in flight
    /// until the reference points have said whether there is a way to anything.
    private func finish(
        _ job: Job, _ entry: ConfiguredHealthCheck, _ startedAt: Timestamp, _ result: ProbeResult
    ) {
        guard let referencePoints = state.withLock(\.referencePoints),
            isInDoubt(job, entry.healthCheck, result)
        else { return handOver(job, entry, startedAt, result, timedOut: result.hasTimedOut) }
        state.withLock { state in
            state.inDoubt.insert(job.ticket)
            state.cancellations[job.ticket] = {
                self.loop.execute { self.settle(job, entry, startedAt, result, result.asCutShort) }
            }
        }
        referencePoints.ask { isCutOff in
            self.settle(job, entry, startedAt, result, isCutOff ? result.asCutOff : result)
        }
    }

    private func isInDoubt(_ job: Job, _ healthCheck: HealthCheck, _ result: ProbeResult) -> Bool {
        guard result.fault != nil else { return false }
        let now = clock.now()
        let view = known(healthCheck.id, now)
        return Connectivity.isInDoubt(
            result, view?.evaluation ?? Evaluation(), lastRun: view?.lastRun,
            previous: state.withLock { $0.lastEnded[job.index] }, healthCheck.policy, at: now)
    }

    /// Whichever comes first, the answer or the end of patience.
    private func settle(
        _ job: Job, _ entry: ConfiguredHealthCheck, _ startedAt: Timestamp, _ result: ProbeResult,
        _ settled: ProbeResult
    ) {
        guard state.withLock({ $0.inDoubt.remove(job.ticket) }) != nil else { return }
        handOver(job, entry, startedAt, settled, timedOut: result.hasTimedOut)
    }

    /// Conditions come last: they may find a target that cannot be reached to be as it should.
    ///
    /// - Parameter timedOut: whether the probe ran into its deadline, whoever is to blame.
    private func handOver(
        _ job: Job, _ entry: ConfiguredHealthCheck, _ startedAt: Timestamp, _ result: ProbeResult,
        timedOut: Bool
    ) {
        let healthCheck = entry.healthCheck
        let run = Run(
            of: healthCheck, at: job.at, startedAt: startedAt, trigger: job.trigger,
            result: entry.judge(result))
        ended(Ended(run: run, ticket: job.ticket, isEvaluated: healthCheck.isEnabled))
        let (now, jumped) = clock.read()
        let (actions, whenIdle) = state.withLock { state in
            state.cancellations[job.ticket] = nil
            state.lastEnded[job.index] = job.at
            let actions = state.schedule.finish(job, timedOut: timedOut, at: now, jumped: jumped)
            guard state.schedule.isStopped, state.schedule.running == 0 else {
                return (actions, CheckedContinuation<Void, Never>?.none)
            }
            defer { state.whenIdle = nil }
            return (actions, state.whenIdle)
        }
        whenIdle?.resume()
        perform(actions, at: now)
    }
}

extension ProbeResult {
    fileprivate var hasTimedOut: Bool { fault?.cause == .timeout }
}
