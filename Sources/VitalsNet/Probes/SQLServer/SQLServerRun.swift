import NIOCore
import Synchronization
import VitalsCore
import VitalsEngine

/// One run, on as many connections as it takes: a gateway of Azure's lets us in, and sends us to the server
/// that has the database. That is followed once.
struct SQLServerRun {
    private let dsn: SQLServerDSN
    private let target: ProbeTarget
    private let job: ProbeJob
    private let loop: NetworkLoop
    private let dialogue: @Sendable (SQLServerDSN) -> SQLServerDialogue

    init(
        _ dsn: SQLServerDSN, _ target: ProbeTarget, _ job: ProbeJob, on loop: NetworkLoop,
        dialogue: @escaping @Sendable (SQLServerDSN) -> SQLServerDialogue
    ) {
        self.dsn = dsn
        self.target = target
        self.job = job
        self.loop = loop
        self.dialogue = dialogue
    }

    /// Synchronous and quick, as `ProbeConnection.start`.
    func start(_ done: @escaping @Sendable (ProbeResult) -> Void) -> ProbeCancellation {
        let current = CurrentConnection()
        let cancel = ProbeConnection.start(
            target, dialogue(dsn), timeout: job.timeout, vitalsTimeout: job.vitalsTimeout, on: loop
        ) { [self] (result: ProbeResult, ended: any ProbeDialogue) in
            guard let route = (ended as? SQLServerDialogue)?.route, result.fault?.code == "routing",
                !current.isCancelled
            else { return done(result) }
            current.replace(follow(route, after: result, done))
        }
        current.replace(cancel)
        return { current.cancel() }
    }

    /// - Parameter first: what came of the connection that sent us here.
    private func follow(
        _ route: SQLServerDialogue.Route, after first: ProbeResult,
        _ done: @escaping @Sendable (ProbeResult) -> Void
    ) -> ProbeCancellation {
        let routed = dsn.routed(to: route.host, port: route.port)
        var target = SQLServerProbe.target(of: routed, readLimit: self.target.readLimit)
        target.limits = self.target.limits
        target.needs = self.target.needs
        let left = max(job.timeout - first.latency, .milliseconds(1))
        return ProbeConnection.start(
            target, dialogue(routed), timeout: left, vitalsTimeout: job.vitalsTimeout, on: loop
        ) { (result: ProbeResult) in
            var whole = result
            whole.latency = first.latency + result.latency
            whole.phases = Self.sum(of: first.phases, result.phases)
            done(whole)
        }
    }

    /// Each phase once, with what it took on both connections.
    static func sum(of first: [PhaseTiming], _ second: [PhaseTiming]) -> [PhaseTiming] {
        var sum = first
        for timing in second {
            if let index = sum.firstIndex(where: { $0.phase == timing.phase }) {
                sum[index] = PhaseTiming(timing.phase, sum[index].duration + timing.duration)
            } else {
                sum.append(timing)
            }
        }
        return sum
    }
}

/// Which connection a run is at, for who would end it from another thread.
private final class CurrentConnection: Sendable {
    private struct State {
        var end: ProbeCancellation?
        var isCancelled = false
    }

    private let state = Mutex(State())

    var isCancelled: Bool { state.withLock(\.isCancelled) }

    func replace(_ end: @escaping ProbeCancellation) {
        let isCancelled = state.withLock { state in
            state.end = end
            return state.isCancelled
        }
        if isCancelled { end() }
    }

    func cancel() {
        let end = state.withLock { state in
            state.isCancelled = true
            return state.end
        }
        end?()
    }
}
