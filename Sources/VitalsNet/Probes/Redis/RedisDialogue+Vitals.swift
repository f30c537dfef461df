import NIOCore
import VitalsCore

/// Which vitals a run measures of a server that lets itself be read from, and by which clocks.
struct RedisMeasuring: Sendable {
    /// Whether a vital is to be measured by this run.
    var isDue: @Sendable (VitalRule) -> Bool = { _ in false }
    /// Vitals of the check's author.
    var ownVitals: [VitalQuestion] = []
    /// Questions of the check's author.
    var questions: [OwnQuestion] = []
    /// What time it is here.
    var wall: @Sendable () -> Timestamp = { Timestamp(microseconds: 0) }
    var now: @Sendable () -> NIODeadline = { .uptimeNanoseconds(0) }
}

extension RedisDialogue {
    /// A command on its way to what is measured.
    struct Asking {
        let words: [String]
        let askedAt: Timestamp
        let since: NIODeadline
        /// How long one of the check's author may take; nothing: it is one of ours.
        let timeout: Duration?
        /// Whether that time is over: what is answered then is too late.
        var isGivenUp = false
    }

    /// All that the run wanted to know is known. Is there more to be measured?
    ///
    /// - Parameter verdict: nothing: the run passes.
    mutating func measure(_ verdict: RedisVerdict? = nil) -> [ProbeStep] {
        func isDue(_ questions: [VitalQuestion]) -> Bool {
            questions.contains { $0.rules.contains(where: measuring.isDue) }
        }
        let given = CertificateVital.vitals(of: peer)
        let wantsCertificate = !given.isEmpty && measuring.isDue(CertificateVital.rule)
        let isAsking =
            wantsCertificate || !measuring.questions.isEmpty || isDue(measuring.ownVitals)
            || isDue(RedisVitals.questions)
        guard isAsking else { return verdict.map { [fail($0)] } ?? over() }
        examination = Examination(
            RedisVitals.questions + measuring.ownVitals, own: measuring.questions,
            given: [(CertificateVital.rule, given)], of: server.asDatabase, isDue: measuring.isDue)
        stage = .measuring
        let decision =
            verdict.map { ProbeStep.decide($0.cause, code: $0.code, message: $0.message) } ?? .decide()
        return [decision] + goOn()
    }

    /// A command has been carried out, or refused.
    mutating func take(_ reply: RESPValue) -> [ProbeStep] {
        guard let asking, var examination else { return over() }
        let took = Duration(measuring.now() - asking.since)
        var next: String?
        var vitals: [Vital]
        if asking.isGivenUp {
            let late = "took longer than \((asking.timeout ?? took).shortText)"
            vitals = examination.refused(late, isForWantOfRights: false, after: took)
        } else if case .error(let error) = reply {
            let isForWantOfRights = error.code == "NOPERM"
            vitals = examination.refused(error.text, isForWantOfRights: isForWantOfRights, after: took)
        } else if decoder.hasTooMuch {
            vitals = examination.refused(Examination.tooManyBytes, isForWantOfRights: false, after: took)
        } else {
            let table = RedisTable(reply, of: asking.words)
            (next, vitals) = examination.answered(
                VitalQuestion.Answer(
                    rows: table.rows, columns: table.columns, askedAt: asking.askedAt, took: took))
        }
        self.examination = examination
        self.asking = nil
        return vitals.map(ProbeStep.vital) + (next.map { ask($0, within: nil) } ?? goOn())
    }

    /// A command of the author that takes too long. None can be taken back: what follows has to wait for it,
    /// but it is known that it was late.
    mutating func woken() -> [ProbeStep] {
        guard let asking, let timeout = asking.timeout,
            Duration(measuring.now() - asking.since) >= timeout
        else { return [] }
        self.asking?.isGivenUp = true
        return [.note("a command of the check's author takes longer than \(timeout.shortText)")]
    }

    /// The next command, if there is one.
    private mutating func goOn() -> [ProbeStep] {
        guard var examination else { return over() }
        var steps: [ProbeStep] = []
        while true {
            let (statement, vitals) = examination.next()
            steps += vitals.map(ProbeStep.vital)
            guard let statement else {
                self.examination = examination
                return steps + over()
            }
            let timeout = examination.ownTimeout
            let refusal = timeout == nil ? nil : RedisReadingCommand.refusal(of: statement)
            guard let refusal else {
                self.examination = examination
                return steps + ask(statement, within: timeout)
            }
            steps += examination.refused(refusal, isForWantOfRights: false).map(ProbeStep.vital)
        }
    }

    /// Beyond the timeout, so that the clock that is read then is past it for certain.
    private static let grace = Duration.milliseconds(5)
    private static let ownLimits = RESPLimits(
        elements: 16_384, bytes: Examination.mostOwnBytes, passesOver: true)

    private mutating func ask(_ statement: String, within timeout: Duration?) -> [ProbeStep] {
        let words = RedisWords.split(statement) ?? []
        asking = Asking(
            words: words, askedAt: measuring.wall(), since: measuring.now(), timeout: timeout)
        decoder.limits = timeout == nil ? RESPLimits() : Self.ownLimits
        let waking: [ProbeStep] = timeout.map { [.wake(after: $0 + Self.grace)] } ?? []
        return [.send(RedisFrontend.command(words))] + waking
    }

    private mutating func over() -> [ProbeStep] {
        asked = nil
        stage = .over
        return [.pass()]
    }
}
