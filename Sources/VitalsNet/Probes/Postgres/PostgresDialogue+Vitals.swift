import NIOCore
import VitalsCore

extension PostgresDialogue {
    /// The server has been read from. Is there more to be measured?
    mutating func measure() -> [ProbeStep] {
        var examination = Examination(PostgresVitals.questions, of: server.asDatabase, isDue: isDue)
        let (statement, vitals) = examination.next()
        self.examination = examination
        guard let statement else {
            return vitals.isEmpty ? over() : [.decide()] + vitals.map(ProbeStep.vital) + over()
        }
        stage = .measuring
        return [.decide()] + vitals.map(ProbeStep.vital) + [ask(statement)]
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
