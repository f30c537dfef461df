import Synchronization
import VitalsCore

/// Asks the reference points, on the loop of the probes; decides nothing.
final class ReferencePoints: Sendable {
    private struct State {
        var connectivity: Connectivity
        var waiting: [@Sendable (_ isCutOff: Bool) -> Void] = []
    }

    private let probes: [any Probe]
    private let timeout: Duration
    private let clock: NodeClock
    private let state: Mutex<State>

    init(_ settings: ConnectivitySettings, _ clock: NodeClock) {
        probes = settings.probes
        timeout = settings.timeout
        self.clock = clock
        state = Mutex(State(connectivity: Connectivity(points: settings.probes.count)))
    }

    /// Says whether the node is cut off; at once if that is known. Called on the loop.
    ///
    /// - Parameter answer: called once, on the loop, in the order in which they asked.
    func ask(_ answer: @escaping @Sendable (_ isCutOff: Bool) -> Void) {
        let now = clock.now()
        let reply = state.withLock { state in
            let reply = state.connectivity.consult(at: now)
            if case .known = reply { return reply }
            state.waiting.append(answer)
            return reply
        }
        switch reply {
        case .known(let isCutOff): answer(isCutOff)
        case .waits: break
        case .ask(let question):
            let job = ProbeJob(at: now, trigger: .confirm, timeout: timeout)
            for probe in probes {
                _ = probe.start(job) { self.heard(question, $0) }
            }
        }
    }

    private func heard(_ question: Int, _ result: ProbeResult) {
        let now = clock.now()
        let (answer, waiting) = state.withLock { state in
            let answer = state.connectivity.heard(question, isReached: result.hasReachedItsTarget, at: now)
            guard answer != nil else { return (answer, [@Sendable (Bool) -> Void]()) }
            defer { state.waiting = [] }
            return (answer, state.waiting)
        }
        guard let answer else { return }
        waiting.forEach { $0(answer) }
    }
}
