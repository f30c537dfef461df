import VitalsCore

extension SQLServerVitals {
    /// How the replicas of the database in its availability group do, as this server knows: the primary knows
    /// of all, a secondary of itself. Without a row there is no group.
    static let group = VitalQuestion(
        groupRules, explain: { vitals, _ in vitals.contains { ($0.value ?? 0) > 0 } ? members : nil },
        form: { server in
            guard server.flavour == .sqlserver else { return .pointless }
            guard server.isAtLeast(13) else { return .impossible("needs SQL Server 2016") }
            return .statement(
                """
                SELECT COUNT(*), SUM(CASE WHEN synchronization_health = 0 THEN 1 ELSE 0 END), \
                SUM(CONVERT(int, is_suspended)), MAX(secondary_lag_seconds), \
                MAX(log_send_queue_size) * 1024, MAX(redo_queue_size) * 1024 \
                FROM sys.dm_hadr_database_replica_states WHERE database_id = DB_ID()
                """)
        },
        read: { rows, _ in
            guard let row = rows.first, (row.number(0) ?? 0) > 0 else { return [] }
            return zip(groupRules, row).compactMap { rule, text in
                text.flatMap { Number.parse($0) }.map { Vital(rule.name, $0, unit: rule.unit) }
            }
        }
    )
    .mended(by: stateRight)

    private static let groupRules = [
        VitalRule("group_replicas", "replicas of the database that are known of", every: quick),
        VitalRule(
            "group_replicas_not_healthy", "replicas that are not as they should be", every: quick,
            critical: 0,
            clear: 0.5),
        VitalRule(
            "group_replicas_suspended", "replicas to which nothing is moved", every: quick, warn: 0,
            clear: 0.5),
        VitalRule(
            "replication_lag_seconds", unit: "s", "how far the farthest replica is behind", every: quick,
            warn: 30, critical: 300),
        VitalRule("log_send_queue_bytes", unit: "B", "log that is not sent yet", every: quick),
        VitalRule("redo_queue_bytes", unit: "B", "log that is not replayed yet", every: quick),
    ]

    private static let members = VitalQuestion.Explanation(
        vital: "group_replicas_not_healthy",
        statement: """
            SELECT TOP (5) r.replica_server_name, s.synchronization_health_desc, \
            s.synchronization_state_desc, \
            s.suspend_reason_desc FROM sys.dm_hadr_database_replica_states AS s \
            JOIN sys.availability_replicas AS r ON r.replica_id = s.replica_id WHERE s.database_id = DB_ID() \
            AND (s.synchronization_health < 2 OR s.is_suspended = 1)
            """
    ) { rows in
        rows.map { row in row.compactMap(\.self).joined(separator: ", ") }.joined(separator: "; ")
    }
}
