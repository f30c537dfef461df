import NIOCore
import VitalsCore

extension PostgresDialogue {
    /// The verdict is known. Is there more to be asked?
    ///
    /// - Parameter verdict: nothing: the run passes.
    mutating func measure(_ verdict: PostgresVerdict? = nil) -> [ProbeStep] {
        guard plan.mayMeasure else { return over(verdict) }
        let isConsole = server.isPoolerConsole
        let questions =
            isConsole
            ? PgBouncerVitals.questions
            : plan.ownVitals.isEmpty ? PostgresVitals.questions : PostgresVitals.questions + plan.ownVitals
        examination = Examination(
            questions, own: isConsole ? [] : plan.questions,
            given: [(CertificateVital.rule, CertificateVital.vitals(of: peer))],
            of: server.asDatabase, isDue: plan.isDue)
        let steps = askNext()
        // What measures nothing has no phase for it either.
        guard stage != .over || steps.count > 1 else { return over(verdict) }
        guard let verdict else { return [.decide()] + steps }
        return [.decide(verdict.cause, code: verdict.code, message: verdict.message)] + steps
    }

    /// A question has been answered, or refused.
    mutating func goOn() -> [ProbeStep] {
        if asking.step == .beginning, refusal == nil { return [askOwn()] }
        guard var examination else { return over() }
        let (statement, vitals) = outcome(&examination)
        self.examination = examination
        let steps = vitals.map(ProbeStep.vital)
        return steps + (statement.map { [ask($0)] } ?? askNext())
    }

    private mutating func outcome(_ examination: inout Examination) -> (statement: String?, vitals: [Vital]) {
        let took = asking.since.map { Duration(plan.now() - $0) } ?? .zero
        if let refusal {
            self.refusal = nil
            // The transaction may have begun, and be broken.
            isToRollBack = asking.step == .beginning
            let reason = "\(refusal.message) (\(refusal.code))"
            let isForWantOfRights = refusal.code == "42501"
            return (nil, examination.refused(reason, isForWantOfRights: isForWantOfRights, after: took))
        }
        guard !asking.hasTooMuch else {
            let reason = Examination.tooManyBytes
            return (nil, examination.refused(reason, isForWantOfRights: false, after: took))
        }
        return examination.answered(
            VitalQuestion.Answer(rows: rows, columns: columns, askedAt: asking.askedAt, took: took))
    }

    private mutating func askNext() -> [ProbeStep] {
        guard var examination else { return over() }
        let (statement, vitals) = examination.next()
        self.examination = examination
        return vitals.map(ProbeStep.vital) + (statement.map { [ask($0)] } ?? over())
    }

    private mutating func ask(_ statement: String) -> ProbeStep {
        stage = .measuring
        asking = Asking()
        columns = []
        let ownTimeout = examination?.ownTimeout
        decoder.longestColumn =
            ownTimeout == nil ? PostgresMessageDecoder.longestText : Examination.mostOwnBytes
        guard !server.isPoolerConsole else { return send(PostgresFrontend.query(statement)) }
        guard let ownTimeout else { return send(PostgresFrontend.query(PostgresVitals.bounded(statement))) }
        asking.step = .beginning
        asking.statement = statement
        return send(PostgresFrontend.query(PostgresVitals.readOnlyTransaction(within: ownTimeout)))
    }

    /// The transaction stands: now the statement, and whatever becomes of it, the transaction's end.
    private mutating func askOwn() -> ProbeStep {
        let statement = asking.statement
        asking = Asking()
        asking.step = .own
        asking.awaited = 2
        var bytes = PostgresFrontend.statement(statement, mostRows: Examination.mostOwnRows + 1)
        var end = PostgresFrontend.query("ROLLBACK")
        bytes.writeBuffer(&end)
        return send(bytes)
    }

    private mutating func send(_ bytes: ByteBuffer) -> ProbeStep {
        var bytes = bytes
        if isToRollBack {
            var all = PostgresFrontend.query("ROLLBACK")
            all.writeBuffer(&bytes)
            bytes = all
            asking.awaited += 1
            isToRollBack = false
        }
        asking.askedAt = plan.wall()
        asking.since = plan.now()
        return .send(bytes)
    }

    /// - Parameter verdict: nothing: the run passes.
    private mutating func over(_ verdict: PostgresVerdict? = nil) -> [ProbeStep] {
        stage = .over
        guard let verdict else { return [.pass(farewell: PostgresFrontend.terminate)] }
        return [
            .fail(
                verdict.cause, code: verdict.code, message: verdict.message,
                farewell: PostgresFrontend.terminate)
        ]
    }
}
