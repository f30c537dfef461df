import VitalsCore

/// What PgBouncer's own console tells of its pools. It takes `SHOW` and nothing else; columns are read by
/// their names, of which each version has others.
enum PgBouncerVitals {
    static let questions: [VitalQuestion] = [pools, lists, databases]

    static let rules: [VitalRule] = questions.flatMap(\.rules)

    private static let quick = PostgresVitals.quick

    static let pools = VitalQuestion(
        [
            VitalRule("pooler_clients_waiting", "clients that wait for a connection", every: quick),
            VitalRule(
                "pooler_wait_seconds", unit: "s", "the longest waiting for a connection", every: quick,
                warn: 1, critical: 10),
            VitalRule("pooler_servers_active", "connections to servers in use", every: quick),
        ],
        form: { _ in .statement("SHOW POOLS") },
        readAnswer: { answer, _ in
            guard let waiting = answer.sum("cl_waiting"), let active = answer.sum("sv_active") else {
                return []
            }
            let whole = answer.values("maxwait")
            let fraction = answer.values("maxwait_us")
            let waits = zip(whole, fraction.isEmpty ? whole.map { _ in 0 } : fraction).map { $0 + $1 / 1e6 }
            let longest = Vital("pooler_wait_seconds", waits.max() ?? 0, unit: "s")
            let names = answer.rows.filter { answer.number("cl_waiting", in: $0) ?? 0 > 0 }.prefix(5).map {
                row in
                let name = answer.text("database", in: row) ?? "?"
                return "\(answer.text("cl_waiting", in: row) ?? "?") of \(name)"
            }
            return [
                Vital("pooler_clients_waiting", waiting), Vital("pooler_servers_active", active),
                names.isEmpty ? longest : longest.explained(by: "waiting: " + names.joined(separator: ", ")),
            ]
        })

    /// Clients against their limit, which is in the settings.
    static let lists = VitalQuestion(
        [
            VitalRule("pooler_clients", "clients of the pooler", every: quick),
            VitalRule("pooler_clients_limit", "clients that the pooler takes", every: quick),
            VitalRule(
                "pooler_clients_used_percent", unit: "%", "clients, of those that the pooler takes",
                every: quick, warn: 90, critical: 95),
        ],
        then: { rows, _ in rows.first { $0.text(0) == "used_clients" }?.number(1).map(limit) },
        form: { _ in .statement("SHOW LISTS") }, read: { _, _ in [] })

    private static func limit(_ clients: Double) -> VitalQuestion {
        VitalQuestion(
            lists.rules, form: { _ in .statement("SHOW CONFIG") },
            read: { rows, _ in
                let most = rows.first { $0.text(0) == "max_client_conn" }?.number(1)
                return [
                    Vital("pooler_clients", clients), Vital("pooler_clients_limit", most),
                    Vital(
                        "pooler_clients_used_percent", most.map { 100 * clients / max($0, 1) }, unit: "%"),
                ]
            })
    }

    static let databases = VitalQuestion(
        [
            VitalRule(
                "pooler_servers_used_percent", unit: "%",
                "connections to servers, of those that a database may have", every: quick, warn: 90,
                critical: 95)
        ],
        form: { _ in .statement("SHOW DATABASES") },
        readAnswer: { answer, _ in
            let shares = answer.rows.compactMap { row -> (Double, String)? in
                // Without a limit of its own, the sizes of its pools are the limit.
                guard let current = answer.number("current_connections", in: row),
                    let most = answer.number("max_connections", in: row), most > 0
                else { return nil }
                return (100 * current / most, answer.text("name", in: row) ?? "?")
            }
            guard let fullest = shares.max(by: { $0.0 < $1.0 }) else { return [] }
            return [
                Vital("pooler_servers_used_percent", fullest.0, unit: "%").explained(by: fullest.1)
            ]
        })
}

extension VitalQuestion.Answer {
    func text(_ name: String, in row: [String?]) -> String? { index(of: name).flatMap { row.text($0) } }

    func number(_ name: String, in row: [String?]) -> Double? { index(of: name).flatMap { row.number($0) } }

    func values(_ name: String) -> [Double] { rows.compactMap { number(name, in: $0) } }

    /// Nothing where there is no such column.
    func sum(_ name: String) -> Double? { index(of: name).map { _ in values(name).reduce(0, +) } }
}
