import VitalsCore

extension PostgresVitals {
    /// Rows that are dead and still there, of the database that is logged in to.
    static let deadTuples = VitalQuestion(
        [
            VitalRule(
                "dead_tuples_percent", unit: "%", "dead rows of the table that has most, of all its rows",
                every: slow, warn: 10)
        ],
        form: { _ in
            .statement(
                """
                SELECT 100.0 * n_dead_tup / (n_live_tup + n_dead_tup), \
                schemaname || '.' || relname, n_dead_tup \
                FROM pg_stat_user_tables WHERE n_dead_tup > 10000 ORDER BY 1 DESC LIMIT 3
                """)
        },
        read: { rows, _ in
            let vital = Vital("dead_tuples_percent", rows.first?.number(0) ?? 0, unit: "%")
            guard !rows.isEmpty else { return [vital] }
            let tables = rows.map { "\($0.text(1) ?? "?"): \($0.text(2) ?? "?") dead" }
            return [vital.explained(by: tables.joined(separator: "; "))]
        })

    /// The size of a table would wait for whoever has locked it; that of a database waits for nobody.
    static let sizes = VitalQuestion(
        [
            VitalRule("size_bytes", unit: "B", "size of the database", every: hourly),
            VitalRule(
                "size_growth_bytes_per_day", unit: "B", "growth of the database a day", every: hourly,
                source: .change(of: "size_bytes", per: .seconds(86_400))),
            VitalRule(
                "server_size_bytes", unit: "B", "size of all databases that we may enter", every: hourly),
        ],
        form: { _ in
            .statement(
                """
                SELECT pg_database_size(current_database()), \
                sum(CASE WHEN has_database_privilege(oid, 'CONNECT') THEN pg_database_size(oid) END) \
                FROM pg_database
                """)
        },
        read: { rows, _ in
            guard let row = rows.first else { return [] }
            return [
                Vital("size_bytes", row.number(0), unit: "B"),
                Vital("server_size_bytes", row.number(1), unit: "B"),
            ]
        })
}
