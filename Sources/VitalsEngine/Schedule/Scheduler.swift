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

    private struct State {
        var schedule: Schedule
        /// How to end the runs in flight early, by ticket.
        var cancellations: [Int: ProbeCancellation] = [:]
        /// When the timer rings, and how to take it back.
        var due: Timestamp?
        var takeBack: (@Sendable () -> Void)?
        var whenIdle: CheckedContinuation<Void, Never>?
    }

    private let healthChecks: [ConfiguredHealthCheck]
    private let indices: [HealthCheckID: Int]
    private let loop: any ProbeLoop
    private let clock: NodeClock
    private let beat: Beat
    private let ended: @Sendable (Ended) -> Void
    private let missed: @Sendable ([Miss]) -> Void
    private let state: Mutex<State>

    /// The timer sleeps no longer than this, so that a step of the wall clock is noticed.
    private static let longestSleep: Duration = .seconds(1)
    /// For runs that were cut short to say so.
    private static let lastWait: Duration = .seconds(1)

    /// - Parameters:
    ///   - ended: takes a run; called on the loop.
    ///   - missed: takes slots that were not run; called on the loop.
    init(
        _ healthChecks: [ConfiguredHealthCheck], _ schedule: Schedule, on loop: any ProbeLoop,
        _ clock: NodeClock, beat: Beat, ended: @escaping @Sendable (Ended) -> Void,
        missed: @escaping @Sendable ([Miss]) -> Void
    ) {
        self.healthChecks = healthChecks
        indices = Dictionary(
            uniqueKeysWithValues: healthChecks.enumerated().map { ($1.healthCheck.id, $0) })
        self.loop = loop
        self.clock = clock
        self.beat = beat
        self.ended = ended
        self.missed = missed
        state = Mutex(State(schedule: schedule))
    }

    /// Begins to run what falls due.
    func begin() {
        loop.execute { self.tick() }
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
                    guard let index = self.indices[confirmation.healthCheck] else { continue }
                    state.schedule.confirm(index, of: confirmation.of, at: confirmation.due)
                }
                for backOff in backOffs {
                    guard let index = self.indices[backOff.healthCheck] else { continue }
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
        guard let index = indices[id] else {
            loop.execute { joined(nil) }
            return
        }
        loop.execute {
            let (now, jumped) = self.clock.read()
            let (ticket, actions) = self.state.withLock { state in
                state.schedule.manual(index, at: now, jumped: jumped)
            }
            joined(ticket)
            self.perform(actions, at: now)
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

    private func rearm() {
        let now = clock.now()
        state.withLock { state in
            guard !state.schedule.isStopped else { return }
            let latest = now + Self.longestSleep
            let due = min(state.schedule.nextDue ?? latest, latest)
            if let set = state.due, set <= due { return }
            state.takeBack?()
            state.due = due
            state.takeBack = loop.schedule(after: max(.zero, due - now)) { [weak self] in self?.tick() }
        }
    }

    private func perform(_ actions: [ScheduleAction], at now: Timestamp) {
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
        let healthCheck = healthChecks[job.index].healthCheck
        let startedAt = max(clock.now(), job.at)
        let run = ProbeJob(at: job.at, trigger: job.trigger, timeout: healthCheck.policy.timeout)
        let cancel = healthChecks[job.index].probe.start(run) { result in
            self.finish(job, startedAt, result)
        }
        state.withLock { $0.cancellations[job.ticket] = cancel }
    }

    private func finish(_ job: Job, _ startedAt: Timestamp, _ result: ProbeResult) {
        let healthCheck = healthChecks[job.index].healthCheck
        let run = Run(of: healthCheck, at: job.at, startedAt: startedAt, trigger: job.trigger, result: result)
        ended(Ended(run: run, ticket: job.ticket, isEvaluated: healthCheck.isEnabled))
        let (now, jumped) = clock.read()
        let (actions, whenIdle) = state.withLock { state in
            state.cancellations[job.ticket] = nil
            let actions = state.schedule.finish(
                job, timedOut: result.fault?.cause == .timeout, at: now, jumped: jumped)
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
