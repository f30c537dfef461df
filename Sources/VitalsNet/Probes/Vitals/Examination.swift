import VitalsCore

/// The vitals that one run is to measure, statement after statement: a value without I/O that every database
/// dialogue drives the same way. What one statement comes to never touches another.
struct Examination: Sendable {
    private var waiting: [VitalQuestion]
    private var asked: Asked?
    private let server: DatabaseServer

    private enum Asked {
        case question(VitalQuestion)
        case explanation(VitalQuestion.Explanation, [Vital])
    }

    /// - Parameters:
    ///   - questions: in the order in which they are asked.
    ///   - isDue: whether a vital is to be measured by this run; a question is asked if one of its vitals is.
    init(_ questions: [VitalQuestion], of server: DatabaseServer, isDue: (VitalRule) -> Bool) {
        waiting = questions.filter { $0.rules.contains(where: isDue) }
        self.server = server
    }

    /// The next statement, and what became known on the way to it; no statement: it is over.
    mutating func next() -> (statement: String?, vitals: [Vital]) {
        var vitals: [Vital] = []
        while !waiting.isEmpty {
            let question = waiting.removeFirst()
            switch question.form(server) {
            case .statement(let text):
                asked = .question(question)
                return (text, vitals)
            case .pointless: break
            case .impossible(let reason): vitals += question.unanswered(reason)
            }
        }
        return (nil, vitals)
    }

    /// The statement was carried out.
    ///
    /// - Returns: what is to be put to the server before all else, if the answer is to be explained, and
    ///   what was measured otherwise.
    mutating func answered(_ rows: VitalQuestion.Rows) -> (statement: String?, vitals: [Vital]) {
        defer { if case .explanation = asked {} else { asked = nil } }
        switch asked {
        case nil: return (nil, [])
        case .question(let question):
            let vitals = question.read(rows, server)
            guard let explanation = question.explain?(vitals, server) else { return (nil, vitals) }
            asked = .explanation(explanation, vitals)
            return (explanation.statement, [])
        case .explanation(let explanation, let vitals):
            asked = nil
            let detail = explanation.read(rows)
            return (nil, vitals.map { $0.name == explanation.vital ? $0.explained(by: detail) : $0 })
        }
    }

    /// The server would not carry out the statement.
    ///
    /// - Parameters:
    ///   - reason: in the server's own words, with its code.
    ///   - isForWantOfRights: whether our user may not ask it.
    mutating func refused(_ reason: String, isForWantOfRights: Bool) -> [Vital] {
        defer { asked = nil }
        switch asked {
        case nil: return []
        case .question(let question):
            let remedy = isForWantOfRights && !question.remedy.isEmpty ? "; run: \(question.remedy)" : ""
            return question.unanswered(reason + remedy)
        // The value stands; it only goes unexplained.
        case .explanation(_, let vitals): return vitals
        }
    }

    /// Nothing more will be asked.
    mutating func cutShort(_ reason: String) -> [Vital] {
        var vitals = asked == nil ? [] : refused(reason, isForWantOfRights: false)
        for question in waiting { vitals += question.unanswered(reason) }
        waiting = []
        return vitals
    }
}

extension VitalQuestion {
    fileprivate func unanswered(_ reason: String) -> [Vital] {
        rules.filter { $0.source == .measured }.map { Vital($0.name, nil, unit: $0.unit, reason: reason) }
    }
}
