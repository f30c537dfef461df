import VitalsCore

extension PostgresVitals {
    /// How near the server is to refusing users, against what they may really open, without the places that
    /// are kept for administrators; and what the sessions do.
    static let sessions = VitalQuestion(
        [
            VitalRule("connections", "connections of clients", every: quick),
            VitalRule("connections_limit", "connections that users may open", every: quick),
            VitalRule("connections_reserved", "connections kept for administrators", every: quick),
            VitalRule(
                "connections_used_percent", unit: "%", "connections in use, of those that users may open",
                every: quick, warn: 80, critical: 95),
            VitalRule(
                "role_connections_used_percent", unit: "%", "connections of the role nearest to its limit",
                every: quick, warn: 80, critical: 95),
            VitalRule(
                "database_connections_used_percent", unit: "%",
                "connections of the database nearest to its limit", every: quick, warn: 80, critical: 95),
            VitalRule("connections_active", "connections that carry out a statement", every: quick),
            VitalRule("idle_in_transaction", "sessions idle in a transaction", every: quick),
            VitalRule(
                "idle_in_transaction_seconds", unit: "s", "the longest idling in a transaction", every: quick,
                warn: 300, critical: 1_800),
            VitalRule("longest_query_seconds", unit: "s", "the statement that runs longest", every: quick),
            VitalRule("oldest_transaction_seconds", unit: "s", "the oldest open transaction", every: quick),
        ],
        remedy: monitor, explain: { vitals, _ in explanation(of: vitals) },
        form: { _ in .statement(statement) }, read: read)

    /// Without the right to see others' sessions only ours would be counted. What everybody may see counts
    /// workers too.
    private static let statement = """
        SELECT pg_has_role('pg_read_all_stats', 'USAGE'), current_setting('max_connections'), \
        current_setting('superuser_reserved_connections'), current_setting('reserved_connections', true), \
        (SELECT sum(pg_stat_get_db_numbackends(oid)) FROM pg_database), \
        count(*) FILTER (WHERE is_client), count(*) FILTER (WHERE is_client AND state = 'active'), \
        count(*) FILTER (WHERE is_idle), \
        extract(epoch FROM max(clock_timestamp() - state_change) FILTER (WHERE is_idle)), \
        extract(epoch FROM max(clock_timestamp() - query_start) \
        FILTER (WHERE is_work AND state = 'active')), \
        extract(epoch FROM max(clock_timestamp() - xact_start) FILTER (WHERE is_work)), \
        (SELECT max(100.0 * (SELECT count(*) FROM \(activity) \
        WHERE usesysid = role.oid AND backend_type = 'client backend') / rolconnlimit) \
        FROM pg_roles AS role WHERE rolconnlimit > 0), \
        (SELECT max(100.0 * (SELECT count(*) FROM \(activity) \
        WHERE datid = database.oid AND backend_type = 'client backend') / datconnlimit) \
        FROM pg_database AS database WHERE datconnlimit > 0) \
        FROM (SELECT *, backend_type = 'client backend' AS is_client, \
        state LIKE 'idle in transaction%' AS is_idle, backend_type = 'client backend' \
        AND pid <> pg_backend_pid() AND application_name <> 'pg_dump' AS is_work FROM \(activity)) AS a
        """

    @Sendable
    private static func read(_ rows: VitalQuestion.Rows, _ server: DatabaseServer) -> [Vital] {
        guard let row = rows.first, let limit = row.number(1), let administrators = row.number(2) else {
            return []
        }
        let seesAll = row.text(0) == "t"
        let reserved = administrators + (row.number(3) ?? 0)
        let open = max(limit - reserved, 1)
        let used = seesAll ? row.number(5) : row.number(4)
        let vitals = [
            Vital("connections_limit", open), Vital("connections_reserved", reserved),
            Vital("connections", used),
            Vital("connections_used_percent", used.map { 100 * $0 / open }, unit: "%"),
        ]
        guard seesAll else { return vitals + unseen(hidden, server) }
        return vitals + [
            Vital("connections_active", row.number(6)), Vital("idle_in_transaction", row.number(7)),
            Vital("idle_in_transaction_seconds", row.number(8) ?? 0, unit: "s"),
            Vital("longest_query_seconds", row.number(9) ?? 0, unit: "s"),
            Vital("oldest_transaction_seconds", row.number(10) ?? 0, unit: "s"),
            Vital("role_connections_used_percent", row.number(11) ?? 0, unit: "%"),
            Vital("database_connections_used_percent", row.number(12) ?? 0, unit: "%"),
        ]
    }

    private static let hidden = [
        ("connections_active", unit: ""), ("idle_in_transaction", unit: ""),
        ("idle_in_transaction_seconds", unit: "s"), ("longest_query_seconds", unit: "s"),
        ("oldest_transaction_seconds", unit: "s"), ("role_connections_used_percent", unit: "%"),
        ("database_connections_used_percent", unit: "%"),
    ]

    // MARK: Who

    private static func explanation(of vitals: [Vital]) -> VitalQuestion.Explanation? {
        func value(_ name: String) -> Double { vitals.first { $0.name == name }?.value ?? 0 }
        if value("connections_used_percent") > 60 { return holders }
        if value("idle_in_transaction_seconds") > 60 { return idlers }
        return nil
    }

    private static let holders = VitalQuestion.Explanation(
        vital: "connections_used_percent",
        statement: """
            SELECT count(*), usename, application_name, state FROM pg_stat_activity \
            WHERE backend_type = 'client backend' GROUP BY 2, 3, 4 ORDER BY 1 DESC LIMIT 5
            """
    ) { rows in
        "held: " + rows.map { "\($0.text(0) ?? "?") by \(who($0.dropFirst()))" }.joined(separator: "; ")
    }

    private static let idlers = VitalQuestion.Explanation(
        vital: "idle_in_transaction_seconds",
        statement: """
            SELECT extract(epoch FROM clock_timestamp() - state_change)::bigint, usename, application_name, \
            client_addr, 'process ' || pid FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' \
            ORDER BY state_change LIMIT 5
            """
    ) { rows in
        rows.map { "\($0.text(0) ?? "?") s by \(who($0.dropFirst()))" }.joined(separator: "; ")
    }

    private static func who(_ parts: some Sequence<String?>) -> String {
        parts.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ", ")
    }
}
