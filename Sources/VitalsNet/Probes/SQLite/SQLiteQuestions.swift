import VitalsCore

/// The statements of a check's author that are put to a database file.
struct SQLiteQuestions: Sendable {
    let questions: [OwnQuestion]
    /// Vitals of the author's own that this run measures.
    let vitals: [VitalRule]

    var isEmpty: Bool { questions.isEmpty && vitals.isEmpty }

    /// Blocks; on the thread of the run, once its verdict is in.
    ///
    /// - Parameter take: an answer, as soon as it is there.
    func ask(_ connection: SQLiteConnection, _ ticket: RunTicket, _ take: (OwnAnswer) -> Void) {
        for question in questions where !ticket.isCancelled {
            let (rows, took) = put(question.query, within: question.timeout, connection)
            switch rows {
            case .success(let rows): take(OwnAnswer(question.name, took: took, .rows(rows)))
            case .failure(let refusal):
                take(OwnAnswer(question.name, took: took, .refused(refusal.reason)))
            }
        }
    }

    /// Blocks likewise.
    func measure(_ connection: SQLiteConnection, _ ticket: RunTicket, _ take: (Vital) -> Void) {
        for rule in vitals where !ticket.isCancelled {
            guard case .query(let text) = rule.source, let question = VitalQuestion(own: rule) else {
                continue
            }
            switch put(text, within: OwnQuestion.longestTimeout, connection).rows {
            case .success(let rows):
                let answer = VitalQuestion.Answer(rows: rows.kept.map { $0.map(\.text) })
                question.read(answer, DatabaseServer(.sqlite)).forEach(take)
            case .failure(let refusal):
                take(Vital(rule.name, nil, unit: rule.unit, reason: refusal.reason))
            }
        }
    }

    /// Of the answers those that never came, for `reason`.
    func missing(_ answers: [OwnAnswer], _ reason: String) -> [OwnAnswer] {
        let names = Set(answers.map(\.name))
        return questions.filter { !names.contains($0.name) }.map { OwnAnswer($0.name, .missing(reason)) }
    }

    /// What was due and is not among these, for `reason`.
    func missing(_ measured: [Vital], _ reason: String) -> [Vital] {
        let names = Set(measured.map(\.name))
        return vitals.filter { !names.contains($0.name) }
            .map { Vital($0.name, nil, unit: $0.unit, reason: reason) }
    }

    private func put(
        _ text: String, within limit: Duration, _ connection: SQLiteConnection
    ) -> (rows: Result<Observation.Rows, SQLiteRefusal>, took: Duration) {
        let clock = ContinuousClock()
        let began = clock.now
        let rows = Result { () throws(SQLiteRefusal) in try connection.ask(text, within: limit) }
        return (rows, clock.now - began)
    }
}

extension Observation.Field {
    /// Nothing for NULL.
    fileprivate var text: String? {
        switch self {
        case .null: nil
        case .text(let text), .number(let text): text
        case .bool(let value): value ? "1" : "0"
        }
    }
}
