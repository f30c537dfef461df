import NIOCore
import VitalsCore
import VitalsEngine

/// One run that may take several connections, one after the other within one deadline: for a token, and for
/// each redirect. Their phases are added up; the time that a token takes is not the target's.
///
/// Confined to the event loop on which it was started.
final class HTTPRun {
    typealias Verdict = (ProbeResult, HTTPResponse?) -> Void

    private let plan: HTTPPlan
    private let loop: NetworkLoop
    private let timeout: Duration
    private let startedAt = NIODeadline.now()
    private var hop: HTTPHop
    private var visited: Set<HTTPHop> = []
    private var redirects = 0
    private var token: OAuthToken?
    private var hasRenewed = false

    /// What the connections before had.
    private var latency = Duration.zero
    private var phases: [PhaseTiming] = []
    private var facts = Facts()
    private var notes: [String] = []
    private var observation: Observation?

    /// Gone once the verdict is in.
    private var verdict: Verdict?
    private var cancellation: ProbeCancellation?
    private var patience: Scheduled<Void>?

    /// Begins one run; to be called on the event loop of `loop`.
    ///
    /// - Parameters:
    ///   - timeout: the one deadline for everything, from now.
    ///   - verdict: called exactly once, on the same loop, and never before `start` returns.
    /// - Returns: ends the run early, from any thread, with cause `internal`.
    static func start(
        _ plan: HTTPPlan, timeout: Duration, on loop: NetworkLoop, verdict: @escaping Verdict
    ) -> ProbeCancellation {
        loop.eventLoop.preconditionInEventLoop()
        let run = HTTPRun(plan, timeout: timeout, on: loop, verdict: verdict)
        run.authorise()
        let bound = NIOLoopBound(run, eventLoop: loop.eventLoop)
        return { bound.eventLoop.execute { bound.value.cancel() } }
    }

    private init(
        _ plan: HTTPPlan, timeout: Duration, on loop: NetworkLoop, verdict: @escaping Verdict
    ) {
        self.plan = plan
        self.loop = loop
        self.timeout = timeout
        self.verdict = verdict
        hop = plan.first
    }

    private var elapsed: Duration { Duration(.now() - startedAt) }
    private var left: Duration { max(timeout - elapsed, .milliseconds(1)) }

    /// Gets a token, if there is to be one, and goes on.
    private func authorise() {
        guard case .oauth2(let settings) = plan.credentials else { return connect() }
        patience = loop.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(left)) { [self] in
            let message = "no token from \(settings.tokenURL.origin) within \(timeout.shortText)"
            noToken(Fault(.timeout, in: .authenticate, message: message))
        }
        loop.tokens.token(for: settings, userAgent: plan.userAgent, timeout: left, on: loop) {
            [self] outcome in
            patience?.cancel()
            guard verdict != nil else { return }
            switch outcome {
            case .token(let token):
                self.token = token
                connect()
            case .fault(let fault):
                noToken(fault)
            }
        }
    }

    private func noToken(_ fault: Fault) {
        let elapsed = elapsed
        finish(
            ProbeResult(
                fault: fault, latency: elapsed, phases: [PhaseTiming(.authenticate, elapsed)],
                trace: fault.message), nil)
    }

    private func connect() {
        let route = plan.route(of: hop, token: token)
        visited.insert(hop)
        cancellation = ProbeConnection.start(route.target, route.exchange, timeout: left, on: loop) {
            [self] result, exchange in
            ended(result, (exchange as? any HTTPExchange)?.response, route.target)
        }
    }

    private func ended(_ result: ProbeResult, _ response: HTTPResponse?, _ target: ProbeTarget) {
        cancellation = nil
        guard verdict != nil else { return }
        if case .oauth2(let settings) = plan.credentials, let token, !token.isFresh, !hasRenewed,
            response?.head.status == 401
        {
            // It may have been taken back before its time.
            hasRenewed = true
            loop.tokens.forget(token, of: settings)
            keep(result, note: "a kept token was answered 401; asking for a new one")
            hop = plan.first
            (visited, redirects) = ([], 0)
            return authorise()
        }
        guard result.fault == nil, plan.redirects > 0, let head = response?.head,
            let location = head.redirection
        else { return finish(result, response) }
        follow(head, location, result, target)
    }

    private func follow(
        _ head: HTTPResponseHead, _ location: String, _ result: ProbeResult, _ target: ProbeTarget
    ) {
        let (from, status) = (hop.url, head.status)
        func refuse(_ cause: Cause, _ message: String) {
            var result = result
            result.fault = Fault(
                cause, in: .firstByte, code: cause == .httpStatus ? "\(status)" : nil,
                message: target.shown("answered \(status): \(message)", bytes: Self.maximumText))
            finish(result, nil)
        }
        let url: HTTPURL
        do {
            url = try from.following(location)
        } catch {
            return refuse(.unexpectedReply, "cannot be followed: \(error.message)")
        }
        let next = hop.following(status, to: url)
        guard redirects < plan.redirects else {
            return refuse(.httpStatus, "more than \(plan.redirects) redirects, the last to \(url.redacted)")
        }
        guard !visited.contains(next) else {
            return refuse(.httpStatus, "goes round in a circle, back to \(url.redacted)")
        }
        guard url.isSecure || !from.isSecure || plan.allowsInsecureRedirects else {
            return refuse(.httpStatus, "leads from https to \(url.origin), which is not encrypted")
        }
        keep(
            result,
            note: target.shown("\(status) leads to \(next.method) \(url.redacted)", bytes: Self.maximumText))
        hop = next
        redirects += 1
        connect()
    }

    private static let maximumText = 1_024
    private static let maximumTrace = 2_048

    /// Adds up what a connection had, of which the run is not the end.
    private func keep(_ result: ProbeResult, note: String) {
        latency += result.latency
        for timing in result.phases {
            if let index = phases.firstIndex(where: { $0.phase == timing.phase }) {
                phases[index] = PhaseTiming(timing.phase, phases[index].duration + timing.duration)
            } else {
                phases.append(timing)
            }
        }
        for (name, value) in result.facts.entries { facts[name] = value }
        observation = result.observation
        notes.append("\(elapsed.shortText) \(note)")
    }

    private func finish(_ result: ProbeResult, _ response: HTTPResponse?) {
        guard let verdict else { return }
        self.verdict = nil
        patience?.cancel()
        keep(result, note: "")
        if plan.redirects > 0 { facts[.redirects] = .number(redirects) }
        var fault = result.fault
        if let last = fault, redirects > 0 {
            let count = redirects == 1 ? "a redirect" : "\(redirects) redirects"
            let message = "after \(count), from \(hop.url.origin): \(last.message)"
            fault = Fault(
                last.cause, in: last.phase, code: last.code,
                message: Printable.prefix(message, bytes: Self.maximumText))
        }
        let trace = (notes.dropLast() + [result.trace]).joined(separator: "\n")
        var whole = ProbeResult(
            fault: fault, latency: latency, phases: phases, facts: facts,
            trace: fault == nil ? "" : Printable.prefix(trace, bytes: Self.maximumTrace))
        whole.observation = observation
        verdict(whole, response)
    }

    private func cancel() {
        guard verdict != nil else { return }
        if let cancellation { return cancellation() }
        noToken(Fault(.internal, in: .authenticate, message: "cut short: the server is stopping"))
    }
}
