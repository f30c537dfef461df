import GRDB
import VitalsCore
import VitalsEngine

/// Reads transitions, newest first.
struct TransitionReader {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// - Parameter keys: of all health checks.
    func fetch(_ query: PastTransition.Query, _ keys: [HealthCheckID: Int64]) throws -> [PastTransition] {
        var conditions = ["true"]
        var arguments: StatementArguments = []
        if let healthCheck = query.healthCheck {
            guard let key = keys[healthCheck] else { return [] }
            conditions.append("transition.health_check = ?")
            arguments += [key]
        }
        if let place = query.after {
            let at = place.at.microseconds
            conditions.append("at_us <= ? AND (at_us < ? OR (id, to_state) > (?, ?))")
            arguments += [at, at, place.healthCheck.text, place.to.rawValue]
        }
        arguments += [min(max(query.limit, 1), 10_000)]
        let rows = try Row.fetchCursor(
            try database.cachedStatement(
                sql: """
                    SELECT transition.*, id FROM transition JOIN health_check ON key = health_check
                    WHERE \(conditions.joined(separator: " AND "))
                    ORDER BY at_us DESC, id, to_state LIMIT ?
                    """), arguments: arguments)
        var transitions: [PastTransition] = []
        while let row = try rows.next() { transitions.append(try transition(row)) }
        return transitions
    }

    private func transition(_ row: Row) throws -> PastTransition {
        let (from, to): (State, State) = (try row.word("from_state"), try row.word("to_state"))
        let at = row.requiredInstant("at_us")
        let id = HealthCheckID(row["id"])
        guard from != to else {
            throw StoreError.corrupt("the transition of \(id) at \(at.iso8601) cannot be read")
        }
        return PastTransition(
            Transition(id, from: from, to: to, at: at),
            fault: try StoredFault(database: database).fetch(of: id, row["health_check"], at: at))
    }
}
