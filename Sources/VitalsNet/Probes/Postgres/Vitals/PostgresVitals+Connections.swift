import VitalsCore

extension PostgresVitals {
    /// How near the server is to refusing users: against what they may really open, without the places that
    /// are kept for administrators.
    static let connections = VitalQuestion(
        [
            VitalRule("connections", "connections of clients", every: .seconds(60)),
            VitalRule("connections_limit", "connections that users may open", every: .seconds(60)),
            VitalRule("connections_reserved", "connections kept for administrators", every: .seconds(60)),
            VitalRule(
                "connections_used_percent", unit: "%", "connections in use, of those that users may open",
                every: .seconds(60), warn: 80, critical: 95),
        ],
        remedy: "GRANT pg_monitor TO CURRENT_USER", explain: holders,
        form: { _ in
            // Without the right to see others' sessions the count of sessions is one: ours. What everybody
            // may see counts workers too.
            .statement(
                """
                SELECT CASE WHEN pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE') \
                THEN (SELECT count(*) FROM pg_catalog.pg_stat_activity \
                WHERE backend_type = 'client backend') \
                ELSE (SELECT sum(numbackends) FROM pg_catalog.pg_stat_database) END, \
                pg_catalog.current_setting('max_connections'), \
                pg_catalog.current_setting('superuser_reserved_connections'), \
                pg_catalog.current_setting('reserved_connections', true)
                """)
        },
        read: { rows, _ in
            guard let row = rows.first, row.count == 4, let used = row[0].flatMap(Double.init),
                let limit = row[1].flatMap(Double.init), let administrators = row[2].flatMap(Double.init)
            else { return [] }
            let reserved = administrators + (row[3].flatMap(Double.init) ?? 0)
            let open = max(limit - reserved, 1)
            return [
                Vital("connections", used), Vital("connections_limit", open),
                Vital("connections_reserved", reserved),
                Vital("connections_used_percent", 100 * used / open, unit: "%"),
            ]
        })

    /// Who holds them, where there are many.
    private static let holders: VitalQuestion.Explaining = { vitals, _ in
        guard let used = vitals.first(where: { $0.name == "connections_used_percent" })?.value, used > 60
        else { return nil }
        return VitalQuestion.Explanation(
            vital: "connections_used_percent",
            statement: """
                SELECT count(*), usename, application_name, state FROM pg_catalog.pg_stat_activity \
                WHERE backend_type = 'client backend' GROUP BY 2, 3, 4 ORDER BY 1 DESC LIMIT 5
                """
        ) { rows in
            let holders = rows.filter { $0.count == 4 }.map { row in
                let who = [row[1] ?? "?", row[2] ?? "", row[3] ?? ""].filter { !$0.isEmpty }
                return "\(row[0] ?? "?") by \(who.joined(separator: ", "))"
            }
            return "held: " + holders.joined(separator: "; ")
        }
    }
}
