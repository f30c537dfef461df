import NIOCore
import VitalsCore
import VitalsEngine

/// One run that asks the health address as well, once the WebSocket has passed: two connections, one after
/// the other within one deadline, whose phases are added up.
///
/// Confined to the event loop on which it was started.
final class SupabaseRun {
    private let health: HTTPPlan
    private let loop: NetworkLoop
    private let timeout: Duration
    private let startedAt = NIODeadline.now()
    private var done: (@Sendable (ProbeResult) -> Void)?
    private var cancellation: ProbeCancellation?

    /// Begins one run; to be called on the event loop of `loop`.
    ///
    /// - Parameters:
    ///   - timeout: the one deadline for everything, from now.
    ///   - first: begins the run of the WebSocket.
    ///   - done: called exactly once, on the same loop, and never before `start` returns.
    /// - Returns: ends the run early, from any thread, with cause `internal`.
    static func start(
        asking health: HTTPPlan, timeout: Duration, on loop: NetworkLoop,
        after first: (@escaping @Sendable (ProbeResult) -> Void) -> ProbeCancellation,
        done: @escaping @Sendable (ProbeResult) -> Void
    ) -> ProbeCancellation {
        loop.eventLoop.preconditionInEventLoop()
        let run = SupabaseRun(health, timeout: timeout, on: loop, done: done)
        let bound = NIOLoopBound(run, eventLoop: loop.eventLoop)
        run.cancellation = first { bound.value.passed($0) }
        return { bound.eventLoop.execute { bound.value.cancellation?() } }
    }

    private init(
        _ health: HTTPPlan, timeout: Duration, on loop: NetworkLoop,
        done: @escaping @Sendable (ProbeResult) -> Void
    ) {
        self.health = health
        self.loop = loop
        self.timeout = timeout
        self.done = done
    }

    private func passed(_ result: ProbeResult) {
        cancellation = nil
        guard result.fault == nil else { return finish(result) }
        let left = max(timeout - Duration(.now() - startedAt), .milliseconds(1))
        cancellation = HTTPRun.start(health, timeout: left, on: loop) { [self] asked, response in
            finish(joined(result, asked, response))
        }
    }

    /// What the first connection told, and what the second one adds.
    private func joined(
        _ first: ProbeResult, _ second: ProbeResult, _ response: HTTPResponse?
    ) -> ProbeResult {
        var phases = first.phases
        for timing in second.phases {
            if let index = phases.firstIndex(where: { $0.phase == timing.phase }) {
                phases[index] = PhaseTiming(timing.phase, phases[index].duration + timing.duration)
            } else {
                phases.append(timing)
            }
        }
        var facts = first.facts
        var fault = second.fault.map { fault in
            Fault(
                fault.cause, in: fault.phase, code: fault.code,
                message: "the health address of the tenant: \(fault.message)")
        }
        if fault == nil, let response {
            let verdict = SupabaseHealth.judge(response)
            for (name, value) in verdict.facts { facts[name] = value }
            fault = verdict.fault
        }
        var whole = ProbeResult(
            fault: fault, latency: first.latency + second.latency, phases: phases, facts: facts,
            vitals: first.vitals, trace: fault == nil ? "" : second.trace)
        whole.observation = first.observation
        return whole
    }

    private func finish(_ result: ProbeResult) {
        guard let done else { return }
        self.done = nil
        cancellation = nil
        done(result)
    }
}
