import NIOCore
import VitalsCore
import VitalsEngine

/// One run on one connection: the I/O under a `ProbeDialogue`, from resolving the name to the polite close.
///
/// It gives exactly one verdict, within one deadline. The close may go on after the verdict, for at most
/// half a second. Confined to the event loop on which it was started.
final class ProbeConnection {
    typealias Verdict = (ProbeResult, any ProbeDialogue) -> Void

    let loop: NetworkLoop
    let target: ProbeTarget
    let timeout: Duration
    private let vitalsTimeout: Duration
    private(set) var deadline: RunDeadline
    /// What the present deadline allows: the whole run, a part of it, or all vitals.
    private var allowed: Duration
    /// Gone into once the verdict is in and the run measures on.
    private var decided: Decided?
    var dialogue: any ProbeDialogue
    var clock: PhaseClock
    /// When the peer's certificate ends, in seconds since the Unix epoch.
    var certificateEnd: Int?
    var facts = Facts()
    private var findings: [Finding] = []
    var trace = ProbeTrace()
    var route = Route()
    var tls = TLSProgress.none
    /// What the dialogue has not taken yet.
    var input = ByteBuffer()
    var bytesRead = 0
    var context: ChannelHandlerContext?

    /// Gone once the verdict is in.
    private var verdict: Verdict?
    private var isStarting = true
    private var isRearming = false
    private var timer: NIOScheduledCallback?
    private var waking: Scheduled<Void>?
    private var work: CancellableWork?

    /// A verdict that nothing changes any more.
    private struct Decided {
        let fault: Fault?
        let latency: Duration
        let phases: [PhaseTiming]
        var vitals: [Vital] = []
    }

    /// Begins one run. Synchronous and quick; to be called on the event loop of `loop`.
    ///
    /// - Parameters:
    ///   - timeout: the one deadline for everything, from now.
    ///   - vitalsTimeout: that for all that is measured once the verdict is in, from then.
    ///   - done: called exactly once, on the same loop, and never before `start` returns.
    /// - Returns: ends the run early, from any thread, with cause `internal`.
    static func start(
        _ target: ProbeTarget, _ dialogue: any ProbeDialogue, timeout: Duration,
        vitalsTimeout: Duration = .seconds(5), on loop: NetworkLoop,
        done: @escaping @Sendable (ProbeResult) -> Void
    ) -> ProbeCancellation {
        start(target, dialogue, timeout: timeout, vitalsTimeout: vitalsTimeout, on: loop) { result, _ in
            done(result)
        }
    }

    /// The same, for those who want the dialogue back as it was at the end.
    static func start(
        _ target: ProbeTarget, _ dialogue: any ProbeDialogue, timeout: Duration,
        vitalsTimeout: Duration = .seconds(5), on loop: NetworkLoop, verdict: @escaping Verdict
    ) -> ProbeCancellation {
        loop.eventLoop.preconditionInEventLoop()
        let connection = ProbeConnection(
            target, dialogue, timeout: timeout, vitalsTimeout: vitalsTimeout, on: loop, verdict: verdict)
        connection.begin()
        let bound = NIOLoopBound(connection, eventLoop: loop.eventLoop)
        return { bound.eventLoop.execute { bound.value.cancel() } }
    }

    private init(
        _ target: ProbeTarget, _ dialogue: any ProbeDialogue, timeout: Duration, vitalsTimeout: Duration,
        on loop: NetworkLoop, verdict: @escaping Verdict
    ) {
        let now = NIODeadline.now()
        self.loop = loop
        self.target = target
        self.dialogue = dialogue
        self.timeout = timeout
        self.vitalsTimeout = vitalsTimeout
        self.verdict = verdict
        allowed = min(target.limits.connect ?? timeout, timeout)
        deadline = RunDeadline(TimeAmount(allowed), at: now)
        let mustResolve = target.literal == nil && target.endpoint != .nameServers
        clock = PhaseClock(startingIn: mustResolve ? .resolve : .connect, at: now)
    }

    var isOver: Bool { verdict == nil }

    private func begin() {
        do {
            try armTimer()
            findRoute()
        } catch {
            cancel()
        }
        isStarting = false
    }

    private func armTimer() throws {
        timer = try loop.eventLoop.assumeIsolated().scheduleCallback(at: deadline.due, handler: self)
    }

    fileprivate func cancel() {
        fail(.internal, message: "cut short: the server is stopping")
    }

    /// Ends the run with a fault in the current phase; nothing once the verdict is in.
    func fail(_ cause: Cause, code: String? = nil, message: String, farewell: ByteBuffer? = nil) {
        guard !isOver else { return }
        note(message)
        let fault = fault(cause, code, message)
        if decided != nil { measured(dialogue.cutShort(fault.message)) }
        finish(fault, farewell: farewell)
    }

    private func fault(_ cause: Cause, _ code: String?, _ message: String) -> Fault {
        Fault(
            cause, in: clock.current, code: code.map { target.shown($0, bytes: Self.maximumCode) },
            message: target.shown(message, bytes: Self.maximumMessage))
    }

    /// The verdict is in; what comes now is measured.
    private func decide(_ fault: Fault?) {
        guard decided == nil else { return }
        let now = NIODeadline.now()
        let (latency, phases) = clock.stop(at: now)
        decided = Decided(fault: fault, latency: latency, phases: phases)
        clock = PhaseClock(startingIn: .vitals, at: now)
        bytesRead = 0
        allow(vitalsTimeout, at: now)
    }

    private func measured(_ vitals: [Vital]) {
        guard let room = decided.map({ Self.mostVitals - $0.vitals.count }) else { return }
        decided?.vitals += vitals.prefix(room).map { vital in
            vital.shown { target.shown($0, bytes: Self.maximumMessage) }
        }
    }

    private func shown(_ answer: OwnAnswer) -> OwnAnswer {
        switch answer.content {
        case .rows: answer
        case .refused(let reason):
            OwnAnswer(
                answer.name, took: answer.took, .refused(target.shown(reason, bytes: Self.maximumMessage)))
        case .missing(let reason):
            OwnAnswer(
                answer.name, took: answer.took, .missing(target.shown(reason, bytes: Self.maximumMessage)))
        }
    }

    /// Keeps what the peer said of itself, fit to be shown.
    func learn(_ name: FactName, _ value: FactValue) {
        facts[name] = target.shown(value)
    }

    func note(_ text: String) {
        trace.note(text, after: Duration(.now() - clock.startedAt))
    }

    func enter(_ phase: Phase) {
        guard decided == nil else { return }
        let part = PhaseLimits.Part(phase)
        let isOfAnotherPart = !target.limits.isEmpty && part != PhaseLimits.Part(clock.current)
        let now = NIODeadline.now()
        clock.enter(phase, at: now)
        guard isOfAnotherPart else { return }
        let left = timeout - Duration(now - clock.startedAt)
        allow(max(min(target.limits[part] ?? left, left), .milliseconds(1)), at: now)
    }

    /// From now on there is so much time.
    private func allow(_ time: Duration, at now: NIODeadline) {
        allowed = time
        deadline = RunDeadline(TimeAmount(time), at: now)
        isRearming = true
        timer?.cancel()
        isRearming = false
        do { try armTimer() } catch { cancel() }
    }

    /// As many as a result may hold.
    private static let mostVitals = 64
    private static let maximumMessage = 1_024
    private static let maximumCode = 64

    private func finish(_ fault: Fault?, farewell: ByteBuffer?) {
        guard let verdict else { return }
        self.verdict = nil
        var (latency, phases) = clock.stop(at: .now())
        var fault = fault
        if let decided {
            fault = decided.fault
            phases = decided.phases + [PhaseTiming(.vitals, latency)]
            latency = decided.latency
        }
        var result = ProbeResult(
            fault: fault, latency: latency, phases: phases, facts: facts, vitals: decided?.vitals ?? [],
            findings: findings, trace: fault == nil ? "" : trace.text(scrubbedBy: target.scrubber))
        if decided != nil { result.answers = dialogue.answers.map(shown) }
        result.observation = observation
        release(farewell)
        guard isStarting else { return verdict(result, dialogue) }
        loop.eventLoop.assumeIsolated().execute { [dialogue] in verdict(result, dialogue) }
    }

    /// Lets go of everything that the run held.
    private func release(_ farewell: ByteBuffer?) {
        timer?.cancel()
        timer = nil
        work?.cancel()
        waking?.cancel()
        route.waiting?.cancel()
        route.headStart?.cancel()
        for rival in route.rivals { rival.close(promise: nil) }
        input = ByteBuffer()
        guard let context else { return }
        if let farewell, context.channel.isActive {
            context.writeAndFlush(wrapOutboundOut(farewell), promise: nil)
        }
        context.close(promise: nil)
    }
}

// MARK: Steps

extension ProbeConnection {
    /// Does what the dialogue wants, in order, until the verdict.
    func perform(_ steps: [ProbeStep]) {
        var hasSent = false
        for step in steps {
            guard !isOver else { return }
            switch step {
            case .enter(let phase):
                enter(phase)
            case .send(let bytes):
                send(bytes)
                hasSent = true
            case .startTLS:
                startTLS()
            case .endTLS:
                endTLS()
            case .wake(let delay):
                wake(after: delay)
            case .askNext:
                askNext()
            case .reconnect(let transport):
                reconnect(by: transport)
            case .compute(let work):
                compute(work)
            case .errand(let errand):
                begin(errand)
            case .fact(let name, let value):
                learn(name, value)
            case .note(let text):
                note(text)
            case .decide(let cause, let code, let message):
                if cause != nil { note(message) }
                decide(cause.map { fault($0, code, message) })
            case .vital(let vital):
                measured([vital])
            case .finding(let finding):
                findings.append(
                    Finding(
                        finding.cause, finding.severity,
                        target.shown(finding.message, bytes: Self.maximumMessage)))
            case .pass(let farewell):
                finish(nil, farewell: farewell)
            case .fail(let cause, let code, let message, let farewell):
                fail(cause, code: code, message: message, farewell: farewell)
            }
        }
        if hasSent, !isOver { context?.flush() }
    }

    private func send(_ bytes: ByteBuffer) {
        guard let context else { return }
        guard route.transport != .stream else {
            return context.write(wrapOutboundOut(bytes), promise: nil)
        }
        context.write(wrapOutboundOut(addressed(bytes))).assumeIsolated().whenFailure { [self] error in
            guard !isOver, context === self.context else { return }
            lostDatagram(error)
        }
    }

    private func wake(after delay: Duration) {
        waking?.cancel()
        waking = loop.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) { [self] in
            guard !isOver else { return }
            perform(dialogue.woken())
        }
    }

    private func compute(_ work: ProbeWork) {
        self.work = loop.compute(work) { [self] value in
            self.work = nil
            guard !isOver else { return }
            perform(dialogue.computed(value))
        }
    }
}

// MARK: Deadline

extension ProbeConnection: NIOScheduledCallbackHandler {
    func handleScheduledCallback(eventLoop: some EventLoop) {
        guard !isOver else { return }
        switch deadline.ring(at: .now()) {
        case .lookAgain:
            do { try armTimer() } catch { cancel() }
        case .tooBusy:
            fail(.internal, message: "too busy here to hear an answer within \(allowed.shortText)")
        case .timedOut:
            timedOut()
        }
    }

    private func timedOut() {
        if route.isConnected { perform(dialogue.timedOut()) }
        guard !isOver else { return }
        let peer = route.peer ?? target.endpoint.description
        let within = "within \(allowed.shortText)"
        switch clock.current {
        case _ where work != nil:
            fail(.internal, message: "the keys of the login were not derived here \(within)")
        case .resolve where !(route.waiting.map(loop.resolver.isAsking) ?? false):
            fail(.internal, message: "too many names were being looked up to ask for \(route.name) \(within)")
        case .resolve:
            // The servers' silence, rather than the target's.
            fail(.dnsFailure, message: "\(loop.resolver.silence(about: route.name)) \(within)")
        case .connect:
            let pending = route.race.pending.map { index in
                "no connection to \(target.endpoint.text(of: route.addresses[index])) \(within)"
            }
            fail(.timeout, message: route.message(with: pending))
        case .tls where tls.isPreparing:
            fail(.internal, message: "the certificates that TLS needs were not read \(within)")
        case .tls:
            fail(.timeout, message: "no end of the TLS handshake with \(peer) \(within)")
        case let phase where bytesRead > 0:
            fail(
                .timeout,
                message: "no complete answer from \(peer) \(within) (\(phase.rawValue), \(bytesRead) bytes)")
        case let phase:
            fail(.timeout, message: "no answer from \(peer) \(within) (\(phase.rawValue))")
        }
    }

    /// Called for our own cancelling, too, when the verdict is in; otherwise the event loop ends under the
    /// run.
    func didCancelScheduledCallback(eventLoop: some EventLoop) {
        guard !isRearming else { return }
        cancel()
    }
}
