/// Puts one answer together out of tokens, and keeps no more of it than was asked for.
struct SQLServerAnswerReader {
    let limits: SQLServerLimits
    private(set) var answer = SQLServerAnswer()
    private var errors: [SQLServerError] = []
    private var bytes = 0
    private var results = 0
    /// The last end of a statement.
    private(set) var done: TDSDone?

    private static let mostErrors = 16

    init(limits: SQLServerLimits = SQLServerLimits()) {
        self.limits = limits
    }

    mutating func take(_ token: TDSToken) {
        switch token {
        case .columns(let columns):
            results += 1
            guard results == 1 else { return }
            answer.columns = columns.map { VitalQuestion.Column(name: $0.name, kind: $0.kind) }
        case .row(let row): keep(row)
        case .error(let error):
            guard errors.count < Self.mostErrors else { return }
            errors.append(error)
            answer.error = SQLServerCause.telling(errors)
        case .done(let done):
            self.done = done
            if let rows = done.rows { answer.changedRows = rows }
        case .loginAccepted, .change, .otherLogin, .other: break
        }
    }

    private mutating func keep(_ row: [String?]) {
        guard results == 1, !answer.hasTooMuch, answer.rows.count < limits.rows else { return }
        bytes += row.reduce(0) { $0 + ($1?.utf8.count ?? 0) }
        guard bytes <= limits.bytes else {
            answer.hasTooMuch = true
            return
        }
        answer.rows.append(row)
    }
}
