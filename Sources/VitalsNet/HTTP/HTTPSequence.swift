import NIOCore
import VitalsCore
import VitalsEngine

/// One run that is several exchanges, one after the other within one deadline, each on a connection of its
/// own. Their phases are added up; the first that goes wrong is the last.
///
/// Confined to the event loop on which it was started.
final class HTTPSequence {
    struct Step {
        let target: ProbeTarget
        let exchange: JudgedExchange
    }

    private var steps: ArraySlice<Step>
    private let loop: NetworkLoop
    private let job: ProbeJob
    private let done: (ProbeResult) -> Void
    private let startedAt = NIODeadline.now()
    private var cancellation: ProbeCancellation?
    private var isCancelled = false

    private var latency = Duration.zero
    private var phases: [PhaseTiming] = []
    private var facts = Facts()

    /// Begins one run; to be called on the event loop of `loop`.
    ///
    /// - Parameters:
    ///   - steps: at least one.
    ///   - done: called exactly once, on the same loop, and never before `start` returns.
    /// - Returns: ends the run early, from any thread, with cause `internal`.
    static func start(
        _ steps: [Step], _ job: ProbeJob, on loop: NetworkLoop, done: @escaping (ProbeResult) -> Void
    ) -> ProbeCancellation {
        precondition(!steps.isEmpty)
        loop.eventLoop.preconditionInEventLoop()
        let sequence = HTTPSequence(steps, job, on: loop, done: done)
        sequence.proceed()
        let bound = NIOLoopBound(sequence, eventLoop: loop.eventLoop)
        return { bound.eventLoop.execute { bound.value.cancel() } }
    }

    private init(
        _ steps: [Step], _ job: ProbeJob, on loop: NetworkLoop, done: @escaping (ProbeResult) -> Void
    ) {
        self.steps = steps[...]
        self.job = job
        self.loop = loop
        self.done = done
    }

    private func proceed() {
        guard let step = steps.popFirst() else { preconditionFailure("a run goes on behind its end") }
        let left = max(job.timeout - Duration(.now() - startedAt), .milliseconds(1))
        let part = ProbeJob(at: job.at, trigger: job.trigger, timeout: left)
            .measuring(job.round, within: job.vitalsTimeout)
        cancellation = JudgedExchange.start(step.target, step.exchange, part, on: loop) { [self] result in
            ended(result)
        }
        if isCancelled { cancellation?() }
    }

    private func ended(_ result: ProbeResult) {
        cancellation = nil
        latency += result.latency
        for timing in result.phases {
            if let index = phases.firstIndex(where: { $0.phase == timing.phase }) {
                phases[index] = PhaseTiming(timing.phase, phases[index].duration + timing.duration)
            } else {
                phases.append(timing)
            }
        }
        for (name, value) in result.facts.entries { facts[name] = value }
        guard result.fault == nil, !steps.isEmpty else {
            var whole = result
            whole.latency = latency
            whole.phases = phases
            whole.facts = facts
            return done(whole)
        }
        proceed()
    }

    private func cancel() {
        isCancelled = true
        cancellation?()
    }
}
