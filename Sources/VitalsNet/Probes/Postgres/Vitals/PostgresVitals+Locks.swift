import VitalsCore

extension PostgresVitals {
    /// Who waits for a lock. Whom for is only asked where somebody does: to answer that, the server stops all
    /// of its lock table.
    static let locks = VitalQuestion(
        [
            VitalRule(
                "lock_waiters", "sessions that wait for a lock", every: quick, warn: 100, critical: 150),
            VitalRule(
                "lock_wait_seconds", unit: "s", "the longest waiting for a lock", every: quick, warn: 60,
                critical: 120),
        ],
        remedy: monitor,
        explain: { vitals, _ in
            vitals.contains { $0.name == "lock_waiters" && ($0.value ?? 0) > 0 } ? blockers : nil
        },
        form: { server in
            // Since when a lock is waited for is known from 14 on; before, since when the session has waited.
            let since = server.isAtLeast(14) ? "coalesce(waitstart, state_change)" : "state_change"
            return .statement(
                """
                SELECT count(*), extract(epoch FROM max(clock_timestamp() - \(since))), \
                pg_has_role('pg_read_all_stats', 'USAGE') FROM pg_lock_status() \
                LEFT JOIN \(activity) USING (pid) WHERE NOT granted
                """)
        },
        read: { rows, server in
            guard let row = rows.first, let waiters = row.number(0) else { return [] }
            let wait = row.number(1)
            let isHidden = waiters > 0 && wait == nil && row.text(2) != "t"
            return [Vital("lock_waiters", waiters)]
                + (isHidden
                    ? unseen([("lock_wait_seconds", unit: "s")], server)
                    : [Vital("lock_wait_seconds", wait ?? 0, unit: "s")])
        })

    private static let blockers = VitalQuestion.Explanation(
        vital: "lock_wait_seconds",
        statement: """
            SELECT w.pid, b.pid, b.usename, b.application_name, b.state, count(*) OVER () \
            FROM (SELECT DISTINCT pid FROM pg_locks WHERE NOT granted LIMIT 20) AS w \
            CROSS JOIN LATERAL unnest(pg_blocking_pids(w.pid)) AS blocker (pid) \
            LEFT JOIN pg_stat_activity AS b ON b.pid = blocker.pid LIMIT 5
            """
    ) { rows in
        rows.map { row in
            let who = row.dropFirst(2).prefix(3).compactMap(\.self).filter { !$0.isEmpty }
            let named = who.isEmpty ? "" : " (\(who.joined(separator: ", ")))"
            return "process \(row.text(0) ?? "?") waits for \(row.text(1) ?? "?")\(named)"
        }
        .joined(separator: "; ")
    }
}
