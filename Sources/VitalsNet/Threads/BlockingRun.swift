import NIOCore
import VitalsCore
import VitalsEngine

/// What a run does that blocks, and how its silence is judged.
struct BlockingWork: Sendable {
    /// What may hang: a path, a program.
    let target: String
    let firstPhase: Phase
    /// Done on a thread; ends soon after its ticket was cancelled, if it can. The verdict is handed over
    /// when it is known; tidying up may follow it. One that goes on is followed by others, whose vitals and
    /// answers are all that counts of them; the last one does not go on.
    let perform: @Sendable (RunTicket, (BlockingVerdict) -> Void) -> Void
    /// Of a verdict that went on, the vitals that there was no time for, and the reason. Default: none.
    var missing: @Sendable ([Vital], String) -> [Vital] = { _, _ in [] }
    /// Of such a one, the questions of the check's author likewise. Default: none.
    var unanswered: @Sendable ([OwnAnswer], String) -> [OwnAnswer] = { _, _ in [] }
    /// The message when nothing came in time.
    let silence: @Sendable (Phase) -> String
}

/// What the work found.
struct BlockingVerdict: Sendable {
    var fault: Fault?
    var facts = Facts()
    var vitals: [Vital] = []
    var answers: [OwnAnswer] = []
    var trace = ""
    /// Whether the run goes on to measure.
    var goesOn = false
}

/// One run whose work blocks: done on a thread, judged on the event loop, whatever the thread does.
///
/// Waiting for a thread is no latency of the target. The deadline counts from the work's beginning; a run for
/// which no thread was free within its timeout tells nothing of its target.
final class BlockingRun {
    private let work: BlockingWork
    private let threads: BlockingThreads
    private let eventLoop: any EventLoop
    private let timeout: TimeAmount
    private let ticket: RunTicket
    private var deadline: RunDeadline
    private let vitalsTimeout: Duration
    private var isWorkTimed = false
    /// A verdict that nothing changes any more, while the run measures.
    private var decided: Decided?
    /// What has been measured since.
    private var soFar = BlockingVerdict()
    private var timer: NIOScheduledCallback?
    private var isRearming = false
    /// Gone once the verdict is in.
    private var done: (@Sendable (ProbeResult) -> Void)?

    private struct Decided {
        let verdict: BlockingVerdict
        let latency: Duration
        let phases: [PhaseTiming]
        let at: NIODeadline
    }

    /// Begins one run. Synchronous and quick; to be called on `eventLoop`.
    ///
    /// - Parameters:
    ///   - vitalsTimeout: for all that is measured once the verdict is in.
    ///   - done: called exactly once, on the same loop, and never before `start` returns.
    /// - Returns: ends the run early, from any thread, with cause `internal`.
    static func start(
        _ work: BlockingWork, timeout: Duration, vitalsTimeout: Duration = .seconds(5),
        on eventLoop: any EventLoop, threads: BlockingThreads,
        done: @escaping @Sendable (ProbeResult) -> Void
    ) -> ProbeCancellation {
        eventLoop.preconditionInEventLoop()
        let run = BlockingRun(
            work, timeout: timeout, vitalsTimeout: vitalsTimeout, on: eventLoop, threads: threads,
            done: done)
        let bound = NIOLoopBound(run, eventLoop: eventLoop)
        if let since = threads.hanging(on: work.target, at: .now()) {
            let message = "an earlier run has been hanging there for \(Duration(since).shortText)"
            eventLoop.execute { bound.value.finish(bound.value.fault(.timeout, message)) }
        } else {
            run.begin(bound)
        }
        return { eventLoop.execute { bound.value.cancel() } }
    }

    private init(
        _ work: BlockingWork, timeout: Duration, vitalsTimeout: Duration, on eventLoop: any EventLoop,
        threads: BlockingThreads, done: @escaping @Sendable (ProbeResult) -> Void
    ) {
        self.work = work
        self.threads = threads
        self.eventLoop = eventLoop
        self.timeout = TimeAmount(timeout)
        self.vitalsTimeout = vitalsTimeout
        self.done = done
        ticket = RunTicket(startingIn: work.firstPhase, timeout: TimeAmount(timeout))
        deadline = RunDeadline(TimeAmount(timeout), at: .now())
    }

    private func begin(_ bound: NIOLoopBound<BlockingRun>) {
        armTimer()
        threads.submit { [work, ticket, eventLoop, threads] in
            guard ticket.begin(at: .now()) else { return }
            work.perform(ticket) { verdict in
                let times = ticket.times(at: .now())
                eventLoop.execute { bound.value.finish(verdict, times) }
            }
            if ticket.end() { threads.recover(work.target) }
        }
    }

    private func armTimer() {
        do {
            timer = try eventLoop.assumeIsolated().scheduleCallback(at: deadline.due, handler: self)
        } catch {
            eventLoop.assumeIsolated().execute { self.cancel() }
        }
    }

    fileprivate func cancel() {
        finish(fault(.internal, "cut short: the server is stopping"))
    }

    private func fault(_ cause: Cause, _ message: String) -> BlockingVerdict {
        BlockingVerdict(fault: Fault(cause, in: ticket.phase, message: message))
    }

    private func finish(
        _ verdict: BlockingVerdict, _ times: (latency: Duration, phases: [PhaseTiming])? = nil
    ) {
        guard let done else { return }
        if verdict.goesOn, let times {
            soFar = verdict
            return decided == nil ? decide(verdict, times) : ()
        }
        self.done = nil
        timer?.cancel()
        timer = nil
        let (latency, phases) = times ?? ticket.times(at: .now())
        if times == nil { abandon() }
        if let decided { return done(result(of: decided, verdict, hasEnded: times != nil)) }
        done(
            ProbeResult(
                fault: verdict.fault, latency: latency, phases: phases, facts: verdict.facts,
                vitals: verdict.vitals, trace: verdict.fault == nil ? "" : verdict.trace))
    }

    /// From here on there is so much time to measure.
    private func decide(
        _ verdict: BlockingVerdict, _ times: (latency: Duration, phases: [PhaseTiming])
    ) {
        let now = NIODeadline.now()
        decided = Decided(verdict: verdict, latency: times.latency, phases: times.phases, at: now)
        deadline = RunDeadline(TimeAmount(vitalsTimeout), at: now)
        isRearming = true
        timer?.cancel()
        isRearming = false
        armTimer()
    }

    /// - Parameter last: with what was measured, or with why it was not.
    private func result(
        of decided: Decided, _ last: BlockingVerdict, hasEnded: Bool
    ) -> ProbeResult {
        let verdict = decided.verdict
        let reason = hasEnded ? "not measured" : last.fault?.message ?? "not measured"
        let last = hasEnded ? last : soFar
        var result = ProbeResult(
            fault: verdict.fault, latency: decided.latency,
            phases: decided.phases + [PhaseTiming(.vitals, Duration(.now() - decided.at))],
            facts: verdict.facts, vitals: last.vitals + work.missing(last.vitals, reason),
            trace: verdict.fault == nil ? "" : verdict.trace)
        result.answers = last.answers + work.unanswered(last.answers, reason)
        return result
    }

    /// Said before the ticket says it, because the work may end at any moment and takes it back.
    private func abandon() {
        threads.abandon(work.target, at: .now())
        if !ticket.cancel() { threads.recover(work.target) }
    }
}

// MARK: Deadline

extension BlockingRun: NIOScheduledCallbackHandler {
    func handleScheduledCallback(eventLoop: some EventLoop) {
        guard done != nil else { return }
        if decided == nil, !isWorkTimed, let startedAt = ticket.startedAt {
            // It had to wait for its thread: its time counts from there.
            isWorkTimed = true
            if startedAt + timeout > .now() {
                deadline = RunDeadline(startedAt + timeout - .now(), at: .now())
                return armTimer()
            }
        }
        switch deadline.ring(at: .now()) {
        case .lookAgain:
            armTimer()
        case .tooBusy:
            finish(fault(.internal, "too busy here to hear of it within \(Duration(timeout).shortText)"))
        case .timedOut:
            timedOut()
        }
    }

    private func timedOut() {
        let allowed = decided == nil ? Duration(timeout) : vitalsTimeout
        let within = "within \(allowed.shortText)"
        guard ticket.startedAt != nil else {
            return finish(
                fault(.internal, "none of \(threads.size) threads for such checks was free \(within)"))
        }
        finish(fault(.timeout, "\(work.silence(ticket.phase)) \(within)"))
    }

    /// Called for our own cancelling, too, when the verdict is in; otherwise the event loop ends under the
    /// run.
    func didCancelScheduledCallback(eventLoop: some EventLoop) {
        guard !isRearming else { return }
        cancel()
    }
}
