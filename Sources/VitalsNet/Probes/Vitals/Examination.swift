import VitalsCore

/// What one run asks of a database beside the verdict, statement after statement: first the questions of
/// the check's author, then the vitals. A value without I/O that every database dialogue drives the same way.
/// What one statement comes to never touches another.
struct Examination: Sendable {
    private var waiting: [VitalQuestion]
    private var asked: Asked?
    private var given: [Vital]
    private let server: DatabaseServer
    /// The names of the vitals that are to be measured.
    private let due: Set<String>
    private var own: [OwnQuestion]
    /// What became of the author's questions so far.
    private(set) var answers: [OwnAnswer] = []

    private enum Asked {
        case question(VitalQuestion)
        case explanation(VitalQuestion.Explanation, [Vital])
        case own(OwnQuestion)
    }

    /// - Parameters:
    ///   - questions: in the order in which they are asked.
    ///   - own: those of the check's author.
    ///   - given: what is known already, without asking; kept if it is due.
    ///   - isDue: whether a vital is to be measured by this run; a question is asked if one of its vitals is.
    init(
        _ questions: [VitalQuestion], own: [OwnQuestion] = [], given: [(VitalRule, [Vital])] = [],
        of server: DatabaseServer, isDue: (VitalRule) -> Bool
    ) {
        waiting = questions.filter { $0.rules.contains(where: isDue) }
        due = Set(waiting.flatMap(\.rules).filter(isDue).map(\.name))
        self.given = given.filter { isDue($0.0) }.flatMap(\.1)
        self.own = own
        self.server = server
    }

    /// Of the author of the check is what is being asked: nothing is known of such a statement. With the time
    /// that it may take; nothing: it is one of ours.
    var ownTimeout: Duration? {
        switch asked {
        case .own(let question): question.timeout
        case .question(let question) where question.isOwn: OwnQuestion.longestTimeout
        case .question, .explanation, nil: nil
        }
    }

    /// The most rows and bytes that are taken of an answer to a question of the author's own.
    static let mostOwnRows = 100
    static let mostOwnBytes = 64 << 10

    /// How many bytes the answers to the author's own questions and vitals may take of a connection.
    static func ownBytes(_ questions: [OwnQuestion], _ rules: [VitalRule]) -> Int {
        (questions.count + rules.count(where: \.isOwn)) * 2 * mostOwnBytes
    }

    static let tooManyRows = "returned more than \(mostOwnRows) rows; let the query count or limit them"
    static let tooManyBytes = "returned more than \(mostOwnBytes >> 10) KiB"

    /// The next statement, and what became known on the way to it; no statement: it is over.
    mutating func next() -> (statement: String?, vitals: [Vital]) {
        var vitals = given
        given = []
        if !own.isEmpty {
            let question = own.removeFirst()
            asked = .own(question)
            return (question.query, vitals)
        }
        while !waiting.isEmpty {
            let question = waiting.removeFirst()
            switch question.form(server) {
            case .statement(let text):
                asked = .question(question)
                return (text, vitals)
            case .pointless: break
            case .impossible(let reason): vitals += unanswered(question, reason)
            }
        }
        return (nil, vitals)
    }

    /// The statement was carried out.
    ///
    /// - Returns: what is to be put to the server before all else, if the answer is to be explained, and
    ///   what was measured otherwise.
    mutating func answered(_ answer: VitalQuestion.Answer) -> (statement: String?, vitals: [Vital]) {
        defer { if case .explanation = asked {} else { asked = nil } }
        switch asked {
        case nil: return (nil, [])
        case .own(let question):
            take(answer, to: question)
            return (nil, [])
        case .question(let question):
            let vitals = question.read(answer, server)
            if let next = question.then?(answer, server) { waiting.insert(next, at: 0) }
            guard let explanation = question.explain?(vitals, server) else { return (nil, kept(vitals)) }
            asked = .explanation(explanation, vitals)
            return (explanation.statement, [])
        case .explanation(let explanation, let vitals):
            asked = nil
            let detail = explanation.read(answer.rows)
            return (
                nil, kept(vitals.map { $0.name == explanation.vital ? $0.explained(by: detail) : $0 })
            )
        }
    }

    /// The same, where nothing but the rows matters.
    mutating func answered(_ rows: VitalQuestion.Rows) -> (statement: String?, vitals: [Vital]) {
        answered(VitalQuestion.Answer(rows: rows))
    }

    /// The server would not carry out the statement.
    ///
    /// - Parameters:
    ///   - reason: in the server's own words, with its code.
    ///   - isForWantOfRights: whether our user may not ask it.
    ///   - took: from asking to the refusal. Default: it was not asked.
    mutating func refused(
        _ reason: String, isForWantOfRights: Bool, after took: Duration = .zero
    ) -> [Vital] {
        defer { asked = nil }
        switch asked {
        case nil: return []
        case .own(let question):
            answers.append(OwnAnswer(question.name, took: took, .refused(reason)))
            return []
        case .question(let question):
            let mending = isForWantOfRights ? question.remedy(server) : ""
            let remedy = mending.isEmpty ? "" : "; run: \(server.remedy(mending))"
            return unanswered(question, reason + remedy)
        // The value stands; it only goes unexplained.
        case .explanation(_, let vitals): return kept(vitals)
        }
    }

    /// Nothing more will be asked.
    mutating func cutShort(_ reason: String) -> [Vital] {
        if case .own(let question)? = asked {
            own.insert(question, at: 0)
            asked = nil
        }
        answers += own.map { OwnAnswer($0.name, .missing(reason)) }
        own = []
        var vitals = given + (asked == nil ? [] : refused(reason, isForWantOfRights: false))
        given = []
        for question in waiting { vitals += unanswered(question, reason) }
        waiting = []
        return vitals
    }

    private func unanswered(_ question: VitalQuestion, _ reason: String) -> [Vital] {
        let asked = question.rules.filter { $0.source.isAsked }
        return kept(asked.map { Vital($0.name, nil, unit: $0.unit, reason: reason) })
    }

    /// Of those that one statement measures at once, the ones that are wanted.
    private func kept(_ vitals: [Vital]) -> [Vital] { vitals.filter { due.contains($0.name) } }

    private mutating func take(_ answer: VitalQuestion.Answer, to question: OwnQuestion) {
        let content: OwnAnswer.Content
        if answer.rows.count > Self.mostOwnRows {
            content = .refused(Self.tooManyRows)
        } else {
            let kept = answer.rows.map { row in
                zip(answer.columns, row).map { column, text in column.field(text) }
            }
            content = .rows(
                Observation.Rows(
                    columns: answer.columns.map(\.name), kept: kept, count: answer.rows.count))
        }
        answers.append(OwnAnswer(question.name, took: answer.took, content))
    }
}

extension VitalQuestion.Column {
    fileprivate func field(_ text: String?) -> Observation.Field {
        guard let text else { return .null }
        return switch kind {
        case .text: .text(text)
        case .number: .number(text)
        case .bool: .bool(["t", "true", "1"].contains(text))
        }
    }
}
