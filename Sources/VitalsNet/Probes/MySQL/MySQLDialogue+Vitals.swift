import NIOCore
import VitalsCore

/// Which vitals a run measures of a server that lets itself be read from, and by which clocks.
struct MySQLMeasuring: Sendable {
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

extension MySQLDialogue {
    /// A statement on its way to what is measured.
    struct Asking {
        /// As it was sent.
        let text: String
        let askedAt: Timestamp
        let since: NIODeadline
        /// Whether the session is only made ready by it.
        let isPreparing: Bool
    }

    private static let measuredLimits = MySQLLimits(rows: 1_000, bytes: 128 << 10)

    /// All that the run wanted to know is known. Is there more to be measured?
    ///
    /// - Parameter verdict: nothing: the run passes.
    mutating func measure(_ verdict: MySQLVerdict? = nil) -> [ProbeStep] {
        func isDue(_ questions: [VitalQuestion]) -> Bool {
            questions.contains { $0.rules.contains(where: measuring.isDue) }
        }
        let given = CertificateVital.vitals(of: peer)
        let wantsCertificate = !given.isEmpty && measuring.isDue(CertificateVital.rule)
        let isAsking =
            wantsCertificate || !measuring.questions.isEmpty || isDue(measuring.ownVitals)
            || isDue(MySQLVitals.questions)
        guard let server, isAsking else {
            return verdict.map { [fail($0.cause, code: $0.code, $0.message)] } ?? over()
        }
        examination = newExamination(of: server.asDatabase())
        preparations = MySQLVitals.preparations(for: server.asDatabase())
        stage = .measuring
        let decision =
            verdict.map { ProbeStep.decide($0.cause, code: $0.code, message: $0.message) } ?? .decide()
        return [decision] + goOn()
    }

    /// A statement has been carried out, or refused.
    mutating func take(_ answer: MySQLAnswer) -> [ProbeStep] {
        guard let asking else { return over() }
        guard !asking.isPreparing else { return prepare(answer) }
        if let own { return takeOwn(answer, own) }
        let (next, vitals) = outcome(of: answer)
        return vitals.map(ProbeStep.vital) + (next.map { [ask($0)] } ?? goOn())
    }

    /// What a statement comes to, and what is to be put to the server before all else to explain it.
    mutating func outcome(of answer: MySQLAnswer) -> (statement: String?, vitals: [Vital]) {
        guard let asking, var examination else { return (nil, []) }
        defer { self.examination = examination }
        let took = Duration(measuring.now() - asking.since)
        switch answer {
        case .error(let error):
            let isForWantOfRights = MySQLVitals.wantOfRights.contains(error.number)
            let reason = "\(error.message) (\(error.number))"
            return (nil, examination.refused(reason, isForWantOfRights: isForWantOfRights, after: took))
        case .rows where reader.hasTooMuch:
            let reason = Examination.tooManyBytes
            return (nil, examination.refused(reason, isForWantOfRights: false, after: took))
        case .done: return examination.answered(VitalQuestion.Answer(rows: []))
        case .rows(let rows):
            let columns = zip(rows.columns, rows.types).map { name, type in
                VitalQuestion.Column(name: name, kind: MySQLColumnType.kind(of: type))
            }
            return examination.answered(
                VitalQuestion.Answer(
                    rows: rows.values, columns: columns, askedAt: asking.askedAt, took: took))
        }
    }

    /// A session that cannot be bounded is asked all the same: what hangs is ended at our deadline.
    func unbounded(_ error: MySQLServerError) -> ProbeStep {
        .note("the session could not be bounded: \(error.message) (\(error.number))")
    }

    private mutating func prepare(_ answer: MySQLAnswer) -> [ProbeStep] {
        if let postponed {
            self.postponed = nil
            return [ask(postponed)]
        }
        switch answer {
        case .error(let error):
            return [unbounded(error)] + goOn()
        case .rows(let rows):
            if let server, let account = rows.values.first?.text(0) {
                examination = newExamination(of: server.asDatabase(account: account))
            }
        case .done: break
        }
        return goOn()
    }

    /// The next statement, if there is one.
    mutating func goOn() -> [ProbeStep] {
        if !preparations.isEmpty { return [ask(preparations.removeFirst(), isPreparing: true)] }
        guard var examination else { return over() }
        let (statement, vitals) = examination.next()
        self.examination = examination
        let steps = vitals.map(ProbeStep.vital)
        guard let statement else { return steps + over() }
        if let timeout = examination.ownTimeout { return steps + askOwn(statement, within: timeout) }
        guard isBoundForOwn else { return steps + [ask(statement)] }
        isBoundForOwn = false
        postponed = statement
        return steps + [ask(MySQLOwnSession.release(server), isPreparing: true)]
    }

    private mutating func ask(_ statement: String, isPreparing: Bool = false) -> ProbeStep {
        let isBounded = !isPreparing && server?.isMariaDB == true
        let text = isBounded ? MySQLVitals.bounded(statement) : statement
        return put(text, within: Self.measuredLimits, isPreparing: isPreparing)
    }

    /// Sends a statement as it is.
    mutating func put(
        _ text: String, within limits: MySQLLimits = MySQLLimits(), isPreparing: Bool = false
    ) -> ProbeStep {
        asking = Asking(
            text: text, askedAt: measuring.wall(), since: measuring.now(), isPreparing: isPreparing)
        reader = MySQLResultReader(limits: limits)
        decoder.isOfAuthor = limits.passesOver
        decoder.beginCommand()
        return .send(MySQLFrontend.query(text))
    }

    private func newExamination(of server: DatabaseServer) -> Examination {
        Examination(
            MySQLVitals.questions + measuring.ownVitals, own: measuring.questions,
            given: [(CertificateVital.rule, CertificateVital.vitals(of: peer))],
            of: server, isDue: measuring.isDue)
    }

    private mutating func over() -> [ProbeStep] {
        asked = nil
        stage = .over
        return [.pass(farewell: MySQLFrontend.quit)]
    }
}

extension MySQLServer {
    /// The server as statements for what is measured are chosen by.
    ///
    /// - Parameter account: `monitor@%`, as the server calls ours; nothing: not known.
    func asDatabase(account: String? = nil) -> DatabaseServer {
        DatabaseServer(
            isMariaDB ? .mariadb : .mysql, DatabaseServer.Version(version), isReplica: isReplica,
            user: account.map(MySQLVitals.quoted))
    }
}
