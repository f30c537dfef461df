import NIOCore
import VitalsCore

extension PostgresDialogue {
    /// The verdict is known. Is there more to be measured?
    ///
    /// - Parameter verdict: nothing: the run passes.
    mutating func measure(_ verdict: PostgresVerdict? = nil) -> [ProbeStep] {
        var examination = Examination(PostgresVitals.questions, of: server.asDatabase, isDue: isDue)
        let (statement, vitals) = examination.next()
        self.examination = examination
        guard statement != nil || !vitals.isEmpty else {
            guard let verdict else { return over() }
            return [fail(verdict.cause, code: verdict.code, verdict.message)]
        }
        let decided: [ProbeStep] =
            verdict.map { verdict in
                [
                    .note(verdict.message),
                    .decide(verdict.cause, code: verdict.code, message: verdict.message),
                ]
            } ?? [.decide()]
        stage = .measuring
        return decided + vitals.map(ProbeStep.vital) + (statement.map { [ask($0)] } ?? over())
    }

    /// A question has been answered, or refused.
    mutating func goOn() -> [ProbeStep] {
        guard var examination else { return over() }
        defer { self.examination = examination }
        var steps: [ProbeStep] = []
        if let refusal {
            self.refusal = nil
            let reason = "\(refusal.message) (\(refusal.code))"
            let vitals = examination.refused(reason, isForWantOfRights: refusal.code == "42501")
            steps += vitals.map(ProbeStep.vital)
        } else {
            let (statement, vitals) = examination.answered(rows)
            steps += vitals.map(ProbeStep.vital)
            if let statement { return steps + [ask(statement)] }
        }
        let (statement, vitals) = examination.next()
        steps += vitals.map(ProbeStep.vital)
        return steps + (statement.map { [ask($0)] } ?? over())
    }

    private func ask(_ statement: String) -> ProbeStep {
        .send(PostgresFrontend.query(PostgresVitals.bounded(statement)))
    }

    private mutating func over() -> [ProbeStep] {
        stage = .over
        return [.pass(farewell: PostgresFrontend.terminate)]
    }
}
