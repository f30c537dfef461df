import VitalsCore

extension PostgresVitals {
    static let checkpoints = VitalQuestion(
        [
            VitalRule("checkpoints_timed_total", unit: "c", "checkpoints when it was time", every: slow),
            VitalRule(
                "checkpoints_requested_total", unit: "c", "checkpoints before it was time", every: slow),
            VitalRule(
                "checkpoints_timed_percent", unit: "%", "checkpoints that were made when it was time",
                every: slow,
                source: .share(
                    of: "checkpoints_timed_total",
                    in: ["checkpoints_timed_total", "checkpoints_requested_total"], atLeast: 3),
                bad: .low, warn: 50),
            VitalRule(
                "checkpoint_age_percent", unit: "%",
                "how old the last checkpoint is, of the time after which there is to be one", every: slow,
                warn: 300),
        ],
        form: { server in
            let counted =
                server.isAtLeast(17)
                ? "SELECT num_timed AS timed, num_requested AS requested FROM pg_stat_checkpointer"
                : "SELECT checkpoints_timed AS timed, checkpoints_req AS requested FROM pg_stat_bgwriter"
            // Where nothing was written there is none, and none is missed.
            return .statement(
                """
                SELECT timed, requested, CASE WHEN pg_wal_lsn_diff(\(position(server)), redo_lsn) > 16777216 \
                THEN 100 * extract(epoch FROM clock_timestamp() - checkpoint_time) \
                / extract(epoch FROM current_setting('checkpoint_timeout')::interval) ELSE 0 END \
                FROM pg_control_checkpoint(), (\(counted)) AS counted
                """)
        },
        read: { rows, _ in
            guard let row = rows.first else { return [] }
            return [
                Vital("checkpoints_timed_total", row.number(0), unit: "c"),
                Vital("checkpoints_requested_total", row.number(1), unit: "c"),
                Vital("checkpoint_age_percent", row.number(2), unit: "%"),
            ]
        })

    private static func position(_ server: DatabaseServer) -> String {
        server.isReplica == true ? "pg_last_wal_replay_lsn()" : "pg_current_wal_lsn()"
    }
}
