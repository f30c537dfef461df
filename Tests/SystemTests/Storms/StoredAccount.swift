/// What a store holds, held against itself: states, transitions and episodes must be those that the runs in
/// it lead to, by the rules written down here once more, and nothing may be left open or untold.
struct StoredAccount {
    private struct Move: Equatable {
        let at: Int64
        let from: String
        let to: String
    }

    private struct Span: Equatable {
        let from: Int64
        var to: Int64?
    }

    private(set) var complaints: [String] = []
    private let tables: StoredTables

    /// - Parameter histories: the runs of each health check, oldest first; those that came after they were
    ///   read must have changed nothing.
    init(_ tables: StoredTables, histories: [String: [JSONValue]]) async throws {
        self.tables = tables
        let transitions = try await byHealthCheck(
            """
            SELECT h.id, t.at_us AS at, from_state, to_state
            FROM transition t JOIN health_check h ON h.key = t.health_check ORDER BY t.at_us
            """)
        let episodes = try await byHealthCheck(
            """
            SELECT h.id, opened_at_us AS opened, ended_at_us AS ended
            FROM episode e JOIN health_check h ON h.key = e.health_check ORDER BY opened_at_us
            """)
        let states = try await byHealthCheck("SELECT id, state, since_us AS since FROM health_check")
        // In whole microseconds since 1970; the history shows no keys.
        let keys = try await byHealthCheck(
            """
            SELECT h.id, since_2029_us + 1861920000000000 AS at
            FROM run r JOIN health_check h ON h.key = r.health_check ORDER BY at
            """)
        for (id, runs) in histories {
            let instants = (keys[id] ?? []).compactMap { $0["at"].microseconds }
            if instants.count < runs.count {
                complaints.append("\(id): \(instants.count) runs stored, \(runs.count) shown")
            }
            let moves = Self.moves(zip(instants, runs), StormField.thresholds(of: id))
            // Each begins where the one before ended, so that the times in all states add up to the time.
            compare(id, "transitions", (transitions[id] ?? []).map(Self.move), moves)
            compare(id, "episodes", (episodes[id] ?? []).map(Self.span), Self.spans(moves))
            let state = states[id]?.first ?? .null
            if state["state"].string != moves.last?.to || state["since"].microseconds != moves.last?.at {
                complaints.append("\(id): is \(state), should be \(String(describing: moves.last))")
            }
        }
    }

    /// Nothing is left to be told, each attempt stands once, and each channel was told what is stored.
    mutating func settle(_ channel: String, _ told: ToldAccount) async throws {
        let rows = try await tables.rows(
            """
            SELECT n.id, n.kind, n.status, n.attempts, h.id AS health_check FROM notification n
            LEFT JOIN health_check h ON h.key = n.health_check
            WHERE channel = '\(channel)' AND n.health_check IS NOT NULL ORDER BY n.key
            """)
        let delivered = rows.filter { $0["status"].string == "delivered" }
        for row in rows where !["delivered", "cancelled"].contains(row["status"].string ?? "") {
            complaints.append("\(channel): left over: \(row)")
        }
        for (id, rows) in Dictionary(grouping: delivered, by: { $0["health_check"].string ?? "" }) {
            let stored = rows.compactMap { $0["id"].string }
            if stored != told.told[id] {
                complaints.append("\(channel), \(id): stored \(stored), told \(told.told[id] ?? [])")
            }
        }
        let known = Set(delivered.compactMap { $0["health_check"].string })
        for id in told.told.keys where !id.isEmpty && !known.contains(id) {
            complaints.append("\(channel), \(id): told, and not stored")
        }
    }

    /// Attempts are counted from 1 without a gap, and only the last one ended well.
    mutating func checkAttempts() async throws {
        let odd = try await tables.rows(
            """
            SELECT notification, count(*) AS rows, max(attempt) AS last,
                sum(status = 'delivered') AS delivered, sum(status = 'pending') AS pending
            FROM delivery GROUP BY notification
            HAVING count(*) <> max(attempt) OR sum(status = 'delivered') > 1 OR sum(status = 'pending') > 0
            """)
        if !odd.isEmpty { complaints.append("attempts: \(odd)") }
        let pages = try await tables.rows("SELECT * FROM page")
        if !pages.isEmpty { complaints.append("open pages: \(pages)") }
    }

    private func byHealthCheck(_ query: String) async throws -> [String: [JSONValue]] {
        Dictionary(grouping: try await tables.rows(query)) { $0["id"].string ?? "" }
    }

    private mutating func compare<Value: Equatable>(
        _ id: String, _ what: String, _ stored: [Value], _ derived: [Value]
    ) {
        guard stored != derived else { return }
        let place = zip(stored, derived).prefix { $0 == $1 }.count
        complaints.append(
            "\(id): \(what) differ from number \(place): stored \(stored.dropFirst(place).prefix(3)), "
                + "should be \(derived.dropFirst(place).prefix(3))")
    }
}

extension StoredAccount {
    private static func move(_ row: JSONValue) -> Move {
        Move(
            at: row["at"].microseconds ?? 0, from: row["from_state"].string ?? "",
            to: row["to_state"].string ?? "")
    }

    private static func span(_ row: JSONValue) -> Span {
        Span(from: row["opened"].microseconds ?? 0, to: row["ended"].microseconds)
    }

    /// The transitions that these runs lead to.
    private static func moves(
        _ runs: some Sequence<(Int64, JSONValue)>, _ thresholds: StormField.Thresholds
    ) -> [Move] {
        var (state, passes, fails) = ("unknown", 0, 0)
        var moves: [Move] = []
        for (at, run) in runs {
            var next = state
            switch run["outcome"].string {
            case "pass":
                (passes, fails) = (passes + 1, 0)
                if passes >= thresholds.success { next = "healthy" }
            case "fail":
                (passes, fails) = (0, fails + 1)
                if fails >= thresholds.failure {
                    next = "unhealthy"
                } else if let degraded = thresholds.degraded, fails >= degraded, state != "unhealthy" {
                    next = "degraded"
                }
            default: break
            }
            guard next != state else { continue }
            moves.append(Move(at: at, from: state, to: next))
            state = next
        }
        return moves
    }

    /// The episodes that these transitions lead to.
    private static func spans(_ moves: [Move]) -> [Span] {
        var spans: [Span] = []
        for move in moves {
            let isOpen = spans.last.map { $0.to == nil } ?? false
            if move.to == "healthy" {
                if isOpen { spans[spans.count - 1].to = move.at }
            } else if !isOpen {
                spans.append(Span(from: move.at, to: nil))
            }
        }
        return spans
    }
}

extension JSONValue {
    fileprivate var microseconds: Int64? { number.map { Int64($0) } }
}
