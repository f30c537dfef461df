import Synchronization
package import VitalsCore
package import VitalsEngine

/// A probe whose target is a script: it passes, fails, or hangs until its deadline, after a latency.
package final class ScriptedProbe: Probe {
    /// What the target does with a run.
    package enum Behaviour: Sendable, Equatable {
        case pass(after: Duration)
        case fault(Fault, after: Duration)
        /// Says nothing until the deadline.
        case hang
        /// Breaks its promise: never ends, not even when it is told to.
        case never

        /// A refused connection.
        package static let refuse = fault(
            Fault(.refused, in: .connect, code: "ECONNREFUSED", message: "connection refused"),
            after: .microseconds(410))
        package static let pass = pass(after: .microseconds(412))
    }

    private struct State {
        var behaviour: Behaviour
        var starts: [Timestamp] = []
        var inFlight = 0
        var mostInFlight = 0
    }

    package let kind: ProbeKind
    package let endpoint: String
    private let loop: ManualLoop
    private let state: Mutex<State>

    package init(
        _ endpoint: String, _ behaviour: Behaviour = .pass, isDatabase: Bool = true, on loop: ManualLoop
    ) {
        self.endpoint = endpoint
        self.loop = loop
        kind = ProbeKind(isDatabase ? "postgres" : "tcp", isDatabase: isDatabase)
        state = Mutex(State(behaviour: behaviour))
    }

    package var address: String { endpoint }
    package var identity: String { endpoint }
    /// When runs were started, by the wall clock.
    package var starts: [Timestamp] { state.withLock(\.starts) }
    package var inFlight: Int { state.withLock(\.inFlight) }
    package var mostInFlight: Int { state.withLock(\.mostInFlight) }

    /// What it does from now on.
    package func behave(_ behaviour: Behaviour) {
        state.withLock { $0.behaviour = behaviour }
    }

    package func start(
        _ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void
    ) -> ProbeCancellation {
        let now = loop.clock.wall
        let behaviour = state.withLock { state in
            state.starts.append(now)
            state.inFlight += 1
            state.mostInFlight = max(state.mostInFlight, state.inFlight)
            return state.behaviour
        }
        let result = Self.result(behaviour, job.timeout)
        let ending = Ended { result in
            self.state.withLock { $0.inFlight -= 1 }
            done(result)
        }
        guard behaviour != .never else { return {} }
        let takeBack = loop.schedule(after: result.latency) { ending.end(result) }
        let begun = loop.clock.boot
        return {
            self.loop.execute {
                takeBack()
                let fault = Fault(.internal, in: .connect, message: "cancelled")
                let latency = Duration.microseconds(self.loop.clock.boot - begun)
                ending.end(ProbeResult(fault: fault, latency: latency))
            }
        }
    }

    private static func result(_ behaviour: Behaviour, _ timeout: Duration) -> ProbeResult {
        switch behaviour {
        case .pass(let latency):
            ProbeResult(latency: latency, phases: [PhaseTiming(.connect, latency)])
        case .fault(let fault, let latency):
            ProbeResult(fault: fault, latency: latency, phases: [PhaseTiming(fault.phase, latency)])
        case .hang, .never:
            ProbeResult(
                fault: Fault(.timeout, in: .connect, message: "no answer in time"), latency: timeout,
                phases: [PhaseTiming(.connect, timeout)])
        }
    }
}

/// Calls back once, however often it is ended.
private final class Ended: Sendable {
    private let isOver = Mutex(false)
    private let then: @Sendable (ProbeResult) -> Void

    init(_ then: @escaping @Sendable (ProbeResult) -> Void) {
        self.then = then
    }

    func end(_ result: ProbeResult) {
        let isFirst = isOver.withLock { isOver in
            defer { isOver = true }
            return !isOver
        }
        if isFirst { then(result) }
    }
}
