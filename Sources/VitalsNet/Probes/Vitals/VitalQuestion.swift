import VitalsCore

/// A statement that measures some vitals at once, and how its answer is read.
struct VitalQuestion: Sendable {
    /// What is put to one server.
    enum Form: Sendable, Equatable {
        case statement(String)
        /// This server has no such thing, and nobody is told.
        case pointless
        /// It cannot be asked, for people: `needs PostgreSQL 13`.
        case impossible(String)
    }

    /// A row's columns as text, nothing for NULL.
    typealias Rows = [[String?]]

    /// What a statement returned, and when.
    struct Answer: Sendable {
        let rows: Rows
        var columns: [Column] = []
        /// By our clock; nothing: not known.
        var askedAt: Timestamp?
        var took: Duration = .zero

        /// Where a column of this name stands.
        func index(of name: String) -> Int? { columns.firstIndex { $0.name == name } }
    }

    struct Column: Sendable, Equatable {
        enum Kind: Sendable {
            case text, number, bool
        }

        let name: String
        let kind: Kind
    }

    /// Those that it answers: without a value, all of them, when it fails.
    let rules: [VitalRule]
    /// As this server takes it: chosen by its flavour and version.
    let form: @Sendable (DatabaseServer) -> Form
    /// What the rows say: a vital that they say nothing of is not measured, and no fault.
    let read: @Sendable (Answer, DatabaseServer) -> [Vital]
    /// What lets our user ask it, to be copied: `GRANT pg_monitor TO vitals`; empty: nothing but the server.
    private(set) var remedy: @Sendable (DatabaseServer) -> String
    /// What is to be asked next to explain a value that is bad: who holds the connections, who blocks.
    let explain: Explaining?
    /// What is to be asked because of the answer.
    private(set) var then: (@Sendable (Answer, DatabaseServer) -> VitalQuestion?)?
    /// Whether the check's author wrote the statement, so that nothing is known of it.
    let isOwn: Bool

    typealias Explaining = @Sendable ([Vital], DatabaseServer) -> Explanation?

    /// A statement whose rows become the detail of one vital.
    struct Explanation: Sendable {
        let vital: String
        let statement: String
        /// One line for people.
        let read: @Sendable (Rows) -> String
    }

    init(
        _ rules: [VitalRule], remedy: String = "", isOwn: Bool = false, explain: Explaining? = nil,
        then: (@Sendable (Rows, DatabaseServer) -> VitalQuestion?)? = nil,
        form: @escaping @Sendable (DatabaseServer) -> Form,
        readAnswer: @escaping @Sendable (Answer, DatabaseServer) -> [Vital]
    ) {
        self.rules = rules
        self.form = form
        self.remedy = { _ in remedy }
        self.isOwn = isOwn
        self.explain = explain
        read = readAnswer
        if let then { self.then = { answer, server in then(answer.rows, server) } }
    }

    /// One whose answer says all that is to be known.
    init(
        _ rules: [VitalRule], remedy: String = "", explain: Explaining? = nil,
        then: (@Sendable (Rows, DatabaseServer) -> VitalQuestion?)? = nil,
        form: @escaping @Sendable (DatabaseServer) -> Form,
        read: @escaping @Sendable (Rows, DatabaseServer) -> [Vital]
    ) {
        self.init(
            rules, remedy: remedy, explain: explain, then: then, form: form,
            readAnswer: { answer, server in read(answer.rows, server) })
    }

    /// The same, whose remedy is another for each server.
    func mended(by remedy: @escaping @Sendable (DatabaseServer) -> String) -> VitalQuestion {
        var question = self
        question.remedy = remedy
        return question
    }

    /// The same, after which another one may be asked because of the whole answer.
    func followed(
        by next: @escaping @Sendable (Answer, DatabaseServer) -> VitalQuestion?
    ) -> VitalQuestion {
        var question = self
        question.then = next
        return question
    }

    /// A vital of the check's author: the first column of the first row; no row, or NULL: not known.
    init?(own rule: VitalRule) {
        guard case .query(let statement) = rule.source else { return nil }
        self.init(
            [rule], isOwn: true, form: { _ in .statement(statement) },
            readAnswer: { answer, _ in
                func unknown(_ reason: String) -> [Vital] {
                    [Vital(rule.name, nil, unit: rule.unit, reason: reason)]
                }
                guard let row = answer.rows.first else { return unknown("the query returned no row") }
                guard let text = row.first ?? nil else { return unknown("the query returned NULL") }
                guard let value = Number.parse(text) else {
                    return unknown("the query returned \(text.shown(upTo: 40)), which is no number")
                }
                return [Vital(rule.name, value, unit: rule.unit)]
            })
    }
}

extension [String?] {
    /// Of a row: a column as a number; nothing for NULL and for what is none.
    func number(_ index: Int) -> Double? { text(index).flatMap { Number.parse($0) } }

    /// Of a row: nothing for NULL and where there is no such column.
    func text(_ index: Int) -> String? { indices.contains(index) ? self[index] : nil }
}
