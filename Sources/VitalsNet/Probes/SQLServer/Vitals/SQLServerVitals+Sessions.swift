import VitalsCore

extension SQLServerVitals {
    /// What the sessions do.
    static let sessions = VitalQuestion(
        sessionRules, explain: { vitals, _ in explanation(of: vitals) },
        form: { _ in
            .statement(
                """
                SELECT \
                (SELECT MAX(DATEDIFF(second, transaction_begin_time, GETDATE())) \
                FROM sys.dm_tran_active_transactions AS t JOIN sys.dm_tran_session_transactions AS s \
                ON s.transaction_id = t.transaction_id WHERE s.is_user_transaction = 1), \
                (SELECT MAX(DATEDIFF(second, s.last_request_end_time, GETDATE())) \
                FROM sys.dm_exec_sessions AS s WHERE s.is_user_process = 1 AND s.status = N'sleeping' \
                AND EXISTS (SELECT 1 FROM sys.dm_tran_session_transactions AS t \
                WHERE t.session_id = s.session_id)), \
                (SELECT MAX(total_elapsed_time) / 1000.0 FROM sys.dm_exec_requests AS r \
                JOIN sys.dm_exec_sessions AS s ON s.session_id = r.session_id \
                WHERE s.is_user_process = 1 AND r.session_id <> @@SPID), \
                (SELECT COUNT(*) FROM sys.dm_exec_requests AS r \
                JOIN sys.dm_exec_sessions AS s ON s.session_id = r.session_id \
                WHERE s.is_user_process = 1 AND r.session_id <> @@SPID AND r.total_elapsed_time > 60000), \
                (SELECT MAX(wait_time) / 1000.0 FROM sys.dm_exec_requests WHERE blocking_session_id <> 0), \
                (SELECT MAX(DATEDIFF(second, s.last_request_end_time, GETDATE())) \
                FROM sys.dm_exec_sessions AS s WHERE s.status = N'sleeping' \
                AND s.session_id IN (SELECT blocking_session_id FROM sys.dm_exec_requests)), \
                (SELECT COUNT(*) FROM sys.dm_exec_sessions WHERE is_user_process = 1) \
                FROM sys.dm_os_sys_info
                """)
        },
        read: { rows, _ in
            guard let row = rows.first else { return [] }
            return zip(sessionRules, row).map { rule, text in
                // Nothing: there is no such session.
                Vital(rule.name, max(text.flatMap { Number.parse($0) } ?? 0, 0), unit: rule.unit)
            }
        }
    )
    .mended(by: stateRight)

    private static let sessionRules = [
        VitalRule(
            "oldest_transaction_seconds", unit: "s", "the oldest open transaction", every: quick, warn: 300,
            critical: 1_800),
        VitalRule(
            "idle_in_transaction_seconds", unit: "s", "the longest idling in a transaction", every: quick,
            warn: 300, critical: 1_800),
        VitalRule("longest_query_seconds", unit: "s", "the statement that runs longest", every: quick),
        VitalRule(
            "long_queries", "statements that run for more than a minute", every: quick, warn: 10, critical: 20
        ),
        VitalRule(
            "lock_wait_seconds", unit: "s", "the longest waiting for another session", every: quick, warn: 60,
            critical: 120),
        VitalRule(
            "idle_blocker_seconds", unit: "s", "the longest idling of who holds what others wait for",
            every: quick, warn: 60, critical: 600),
        VitalRule("user_sessions", "sessions of users", every: quick),
    ]

    /// Who waits for whom, or whose transaction it is; never what statements say, which may be anything.
    private static func explanation(of vitals: [Vital]) -> VitalQuestion.Explanation? {
        func value(_ name: String) -> Double { vitals.first { $0.name == name }?.value ?? 0 }
        if value("lock_wait_seconds") > 5 { return blockers }
        return value("oldest_transaction_seconds") > 60 ? oldest : nil
    }

    private static let blockers = VitalQuestion.Explanation(
        vital: "lock_wait_seconds",
        statement: """
            SELECT TOP (5) r.session_id, r.blocking_session_id, s.login_name, s.host_name, s.status, \
            r.wait_time / 1000 FROM sys.dm_exec_requests AS r LEFT JOIN sys.dm_exec_sessions AS s \
            ON s.session_id = r.blocking_session_id WHERE r.blocking_session_id <> 0 ORDER BY r.wait_time DESC
            """
    ) { rows in
        rows.map { row in
            let blocker = "\(row.text(1) ?? "?")\(who(row.dropFirst(2).prefix(3)))"
            return "session \(row.text(0) ?? "?") waits for \(blocker), for \(row.text(5) ?? "?") s"
        }
        .joined(separator: "; ")
    }

    private static let oldest = VitalQuestion.Explanation(
        vital: "oldest_transaction_seconds",
        statement: """
            SELECT TOP (5) DATEDIFF(second, t.transaction_begin_time, GETDATE()), s.session_id, \
            s.login_name, s.host_name, s.status FROM sys.dm_tran_active_transactions AS t \
            JOIN sys.dm_tran_session_transactions AS x ON x.transaction_id = t.transaction_id \
            JOIN sys.dm_exec_sessions AS s ON s.session_id = x.session_id \
            WHERE x.is_user_transaction = 1 ORDER BY t.transaction_begin_time
            """
    ) { rows in
        rows.map { "\($0.text(0) ?? "?") s by session \($0.text(1) ?? "?")\(who($0.dropFirst(2)))" }
            .joined(separator: "; ")
    }

    private static func who(_ parts: some Sequence<String?>) -> String {
        let known = parts.compactMap(\.self).filter { !$0.isEmpty }
        return known.isEmpty ? "" : " (\(known.joined(separator: ", ")))"
    }
}
