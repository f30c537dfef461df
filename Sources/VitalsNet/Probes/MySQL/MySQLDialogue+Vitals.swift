import NIOCore
import VitalsCore

/// Which vitals a run measures of a server that lets itself be read from, and by which clocks.
struct MySQLMeasuring: Sendable {
    /// Whether a vital is to be measured by this run.
    var isDue: @Sendable (VitalRule) -> Bool = { _ in false }
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
        let rules = MySQLVitals.questions.flatMap(\.rules)
        let given = CertificateVital.vitals(of: peer)
        let wantsCertificate = !given.isEmpty && measuring.isDue(CertificateVital.rule)
        guard let server, wantsCertificate || rules.contains(where: measuring.isDue) else {
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
        guard let asking, var examination else { return over() }
        guard !asking.isPreparing else { return prepare(answer) }
        var next: String?
        var vitals: [Vital] = []
        switch answer {
        case .error(let error):
            vitals = examination.refused(
                "\(error.message) (\(error.number))",
                isForWantOfRights: MySQLVitals.wantOfRights.contains(error.number))
        case .done: (next, vitals) = examination.answered(VitalQuestion.Answer(rows: []))
        case .rows(let rows): (next, vitals) = examination.answered(self.answer(rows, to: asking))
        }
        self.examination = examination
        return vitals.map(ProbeStep.vital) + (next.map { [ask($0)] } ?? goOn())
    }

    private func answer(_ rows: MySQLRows, to asking: Asking) -> VitalQuestion.Answer {
        VitalQuestion.Answer(
            rows: rows.values, columns: rows.columns.map { VitalQuestion.Column(name: $0, kind: .text) },
            askedAt: asking.askedAt, took: Duration(measuring.now() - asking.since))
    }

    /// A session that cannot be bounded so is measured all the same: what hangs is ended at our deadline.
    private mutating func prepare(_ answer: MySQLAnswer) -> [ProbeStep] {
        switch answer {
        case .error(let error):
            return [.note("the session could not be bounded: \(error.message) (\(error.number))")] + goOn()
        case .rows(let rows):
            if let server, let account = rows.values.first?.text(0) {
                examination = newExamination(of: server.asDatabase(account: account))
            }
        case .done: break
        }
        return goOn()
    }

    private mutating func goOn() -> [ProbeStep] {
        if !preparations.isEmpty { return [ask(preparations.removeFirst(), isPreparing: true)] }
        guard var examination else { return over() }
        let (statement, vitals) = examination.next()
        self.examination = examination
        return vitals.map(ProbeStep.vital) + (statement.map { [ask($0)] } ?? over())
    }

    private mutating func ask(_ statement: String, isPreparing: Bool = false) -> ProbeStep {
        let isBounded = !isPreparing && server?.isMariaDB == true
        let text = isBounded ? MySQLVitals.bounded(statement) : statement
        asking = Asking(
            text: text, askedAt: measuring.wall(), since: measuring.now(), isPreparing: isPreparing)
        reader = MySQLResultReader(limits: Self.measuredLimits)
        decoder.beginCommand()
        return .send(MySQLFrontend.query(text))
    }

    private func newExamination(of server: DatabaseServer) -> Examination {
        Examination(
            MySQLVitals.questions, given: [(CertificateVital.rule, CertificateVital.vitals(of: peer))],
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
