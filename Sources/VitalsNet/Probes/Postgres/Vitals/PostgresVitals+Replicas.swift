import VitalsCore

extension PostgresVitals {
    /// Who follows this server, and how far behind.
    static let replicas = VitalQuestion(
        [
            VitalRule("replicas", "servers that follow this one", every: quick),
            VitalRule(
                "replication_lag_bytes", unit: "B", "how far a server is behind", every: quick,
                warn: 67_108_864, critical: 1_073_741_824),
            VitalRule(
                "sync_replicas_missing", "whether writes wait for a replica that is not there", every: quick,
                critical: 0, clear: 0.5),
        ],
        remedy: monitor, explain: { vitals, _ in laggards(vitals) },
        form: { server in
            guard server.isReplica != true else { return .pointless }
            return .statement(
                """
                SELECT pg_has_role('pg_read_all_stats', 'USAGE'), count(*), \
                max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)), \
                count(*) FILTER (WHERE sync_state IN ('sync', 'quorum')), \
                current_setting('synchronous_standby_names') <> '' \
                FROM pg_stat_get_wal_senders()
                """)
        },
        read: { rows, server in
            guard let row = rows.first, let count = row.number(1) else { return [] }
            let counted = [Vital("replicas", count)]
            guard row.text(0) == "t" || count == 0 else {
                return counted
                    + unseen([("replication_lag_bytes", unit: "B"), ("sync_replicas_missing", "")], server)
            }
            let isMissing = row.text(4) == "t" && row.number(3) == 0
            let lag = row.number(2).map { [Vital("replication_lag_bytes", max($0, 0), unit: "B")] } ?? []
            return counted + lag + [Vital("sync_replicas_missing", isMissing ? 1 : 0)]
        })

    private static func laggards(_ vitals: [Vital]) -> VitalQuestion.Explanation? {
        guard vitals.contains(where: { $0.name == "replication_lag_bytes" && ($0.value ?? 0) > 1_048_576 })
        else { return nil }
        return VitalQuestion.Explanation(
            vital: "replication_lag_bytes",
            statement: """
                SELECT application_name, client_addr, state, \
                pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) \
                FROM pg_stat_replication ORDER BY 4 DESC NULLS FIRST LIMIT 5
                """
        ) { rows in
            rows.map { row in
                let who = row.prefix(3).compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ", ")
                return "\(who): \(row.text(3) ?? "?") B"
            }
            .joined(separator: "; ")
        }
    }
}
