import NIOCore
import VitalsCore

/// Which vitals a run measures of a server that lets itself be read from, and by which clocks.
struct SQLServerMeasuring: Sendable {
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

extension SQLServerDialogue {
    /// A statement on its way to what is measured.
    struct Asking {
        let askedAt: Timestamp
        let since: NIODeadline
    }

    /// All that the run wanted to know is known. Is there more to be measured?
    ///
    /// - Parameter verdict: nothing: the run passes.
    mutating func measure(_ verdict: SQLServerVerdict? = nil) -> [ProbeStep] {
        func isDue(_ questions: [VitalQuestion]) -> Bool {
            questions.contains { $0.rules.contains(where: measuring.isDue) }
        }
        let given = CertificateVital.vitals(of: peer)
        let wantsCertificate = !given.isEmpty && measuring.isDue(CertificateVital.rule)
        let isAsking =
            wantsCertificate || !measuring.questions.isEmpty || isDue(measuring.ownVitals)
            || isDue(SQLServerVitals.questions)
        guard isAsking else { return verdict.map { [fail($0)] } ?? over() }
        examination = Examination(
            SQLServerVitals.questions + measuring.ownVitals, own: measuring.questions,
            given: [(CertificateVital.rule, given)], of: server.asDatabase(user: login.user),
            isDue: measuring.isDue)
        stage = .measuring
        let decision =
            verdict.map { ProbeStep.decide($0.cause, code: $0.code, message: $0.message) } ?? .decide()
        return [decision] + goOn()
    }

    /// A statement has been carried out, or refused.
    mutating func take(_ answer: SQLServerAnswer) -> [ProbeStep] {
        guard asking != nil else { return over() }
        if let own { return takeOwn(answer, own) }
        let (next, vitals) = outcome(of: answer)
        return vitals.map(ProbeStep.vital) + (next.map { [put($0)] } ?? goOn())
    }

    /// What a statement comes to, and what is to be put to the server before all else to explain it.
    mutating func outcome(of answer: SQLServerAnswer) -> (statement: String?, vitals: [Vital]) {
        guard let asking, var examination else { return (nil, []) }
        defer { self.examination = examination }
        let took = Duration(measuring.now() - asking.since)
        if let error = answer.error {
            let isForWantOfRights = SQLServerCause.wantOfRights.contains(error.number)
            let reason = "\(error.reason) (\(error.number))"
            return (nil, examination.refused(reason, isForWantOfRights: isForWantOfRights, after: took))
        }
        guard !answer.hasTooMuch else {
            let reason = Examination.tooManyBytes
            return (nil, examination.refused(reason, isForWantOfRights: false, after: took))
        }
        return examination.answered(
            VitalQuestion.Answer(
                rows: answer.rows, columns: answer.columns, askedAt: asking.askedAt, took: took))
    }

    /// The next statement, if there is one.
    mutating func goOn() -> [ProbeStep] {
        guard var examination else { return over() }
        let (statement, vitals) = examination.next()
        self.examination = examination
        let steps = vitals.map(ProbeStep.vital)
        guard let statement else { return steps + over() }
        if let timeout = examination.ownTimeout { return steps + askOwn(statement, within: timeout) }
        return steps + [put(statement)]
    }

    /// Sends a statement as it is.
    mutating func put(_ text: String, within limits: SQLServerLimits = SQLServerLimits()) -> ProbeStep {
        asking = Asking(askedAt: measuring.wall(), since: measuring.now())
        return send(text, limits)
    }

    private mutating func over() -> [ProbeStep] {
        asked = nil
        stage = .over
        return [.pass()]
    }
}
