import VitalsCore

extension PostgresVitals {
    /// What the server counts of all its databases together, since when it runs, and what time it is there.
    static let databases = VitalQuestion(
        counters + [
            VitalRule("uptime_seconds", unit: "s", "how long the server has been running", every: quick),
            VitalRule(
                "clock_skew_seconds", unit: "s", "how far the server's clock is from ours", every: quick,
                warn: 2, critical: 5),
            VitalRule(
                "checksum_failures", "pages whose checksum was wrong", every: quick, critical: 0, clear: 0.5),
            VitalRule(
                "deadlocks_per_minute", "deadlocks a minute", every: quick,
                source: .rate(of: "deadlocks_total", per: .seconds(60)), warn: 5),
            VitalRule(
                "rollback_percent", unit: "%", "transactions that are rolled back", every: quick,
                source: .share(
                    of: "rollbacks_total", in: ["commits_total", "rollbacks_total"], atLeast: 100), warn: 10),
            VitalRule(
                "temp_bytes_per_second", unit: "B", "written to temporary files a second", every: quick,
                source: .rate(of: "temp_bytes_total", per: .seconds(1))),
            VitalRule(
                "cache_hit_percent", unit: "%", "blocks that are found in memory", every: quick,
                source: .share(
                    of: "blocks_hit_total", in: ["blocks_hit_total", "blocks_read_total"], atLeast: 100_000),
                bad: .low, warn: 98, clear: 98.5),
        ],
        form: { _ in
            .statement(
                """
                SELECT extract(epoch FROM clock_timestamp()), \
                extract(epoch FROM clock_timestamp() - pg_postmaster_start_time()), \
                sum(deadlocks), sum(xact_commit), sum(xact_rollback), sum(temp_bytes), sum(conflicts), \
                sum(blks_hit), sum(blks_read), sum(checksum_failures), current_setting('data_checksums') \
                FROM pg_stat_database
                """)
        },
        readAnswer: { answer, _ in
            guard let row = answer.rows.first else { return [] }
            let counted = zip(counters, 2...).map { rule, column in
                Vital(rule.name, row.number(column), unit: rule.unit)
            }
            let checksums =
                row.text(10) == "on" ? [Vital("checksum_failures", row.number(9) ?? 0)] : []
            return counted + checksums + [
                Vital("uptime_seconds", row.number(1), unit: "s"), answer.skew(of: row.number(0)),
            ]
        })

    /// In the order of their columns.
    private static let counters = [
        VitalRule("deadlocks_total", unit: "c", "deadlocks", every: quick),
        VitalRule("commits_total", unit: "c", "transactions committed", every: quick),
        VitalRule("rollbacks_total", unit: "c", "transactions rolled back", every: quick),
        VitalRule("temp_bytes_total", unit: "c", "bytes written to temporary files", every: quick),
        VitalRule("conflicts_total", unit: "c", "queries cancelled by recovery", every: quick),
        VitalRule("blocks_hit_total", unit: "c", "blocks found in memory", every: quick),
        VitalRule("blocks_read_total", unit: "c", "blocks not found in memory", every: quick),
    ]
}
