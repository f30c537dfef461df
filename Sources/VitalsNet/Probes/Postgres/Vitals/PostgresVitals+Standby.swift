import VitalsCore

extension PostgresVitals {
    /// How far this server is behind the one that it follows. What a standby says of the time of its last
    /// transaction is never used: it grows while nothing is written, and stands still while the link is dead.
    static let standby = VitalQuestion(
        [
            VitalRule(
                "replay_lag_bytes", unit: "B", "received, and not replayed yet", every: quick,
                warn: 67_108_864, critical: 1_073_741_824),
            VitalRule(
                "replay_paused", "whether the replay is paused", every: quick, warn: 0, clear: 0.5),
            VitalRule(
                "wal_receiver_missing", "whether nothing is received from the server followed", every: quick,
                warn: 0, clear: 0.5),
            VitalRule(
                "wal_receiver_silence_seconds", unit: "s", "since the server followed last sent anything",
                every: quick, warn: 60, critical: 300),
            lag,
        ],
        remedy: monitor,
        then: { rows, _ in rows.first?.text(6) == "t" ? heartbeat : nil },
        form: { server in
            guard server.isReplica == true else { return .pointless }
            return .statement(
                """
                SELECT pg_has_role('pg_read_all_stats', 'USAGE'), \
                pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()), \
                pg_is_wal_replay_paused(), (SELECT count(*) FROM pg_stat_wal_receiver), \
                (SELECT status FROM pg_stat_wal_receiver), \
                (SELECT extract(epoch FROM clock_timestamp() - last_msg_receipt_time) \
                FROM pg_stat_wal_receiver), \
                coalesce(has_table_privilege(to_regclass('vitals.heartbeat'), 'SELECT'), false)
                """)
        },
        read: { rows, server in
            guard let row = rows.first else { return [] }
            let behind = row.number(1).map { [Vital("replay_lag_bytes", max($0, 0), unit: "B")] } ?? []
            let isGone = row.number(3) == 0
            let seen =
                behind + [
                    Vital("replay_paused", row.text(2) == "t" ? 1 : 0),
                    Vital("wal_receiver_missing", isGone ? 1 : 0),
                ]
            guard !isGone else { return seen }
            guard row.text(0) == "t" else {
                return seen + unseen([("wal_receiver_silence_seconds", unit: "s")], server)
            }
            return seen + [Vital("wal_receiver_silence_seconds", row.number(5), unit: "s")]
        })

    private static let lag = VitalRule(
        "replication_lag_seconds", unit: "s", "how old the newest heartbeat is that was replicated",
        every: quick, warn: 30, critical: 300)

    /// The newest row that a write probe wrote on the server followed.
    private static let heartbeat = VitalQuestion(
        [lag], remedy: "GRANT SELECT ON vitals.heartbeat TO CURRENT_USER",
        form: { _ in
            .statement("SELECT extract(epoch FROM clock_timestamp() - max(beat_at)) FROM vitals.heartbeat")
        },
        read: { rows, _ in
            guard let age = rows.first?.number(0) else {
                return [Vital(lag.name, nil, unit: lag.unit, reason: "no heartbeat was ever written")]
            }
            return [Vital(lag.name, max(age, 0), unit: lag.unit)]
        })
}
