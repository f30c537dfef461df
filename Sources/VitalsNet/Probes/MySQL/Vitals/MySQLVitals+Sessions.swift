import VitalsCore

extension MySQLVitals {
    /// What the sessions do. The server refuses the transactions to who may not see others' sessions, and
    /// that is wanted: of the sessions it would show our own, and say nothing of the rest.
    static let sessions = VitalQuestion(
        [
            VitalRule(
                "oldest_transaction_seconds", unit: "s", "the oldest open transaction", every: quick,
                warn: 300, critical: 1_800),
            VitalRule(
                "idle_in_transaction_seconds", unit: "s", "the longest idling in a transaction", every: quick,
                warn: 300, critical: 1_800),
            VitalRule("longest_query_seconds", unit: "s", "the statement that runs longest", every: quick),
            VitalRule(
                "long_queries", "statements that run for more than a minute", every: quick, warn: 10,
                critical: 20),
        ] + waiting,
        remedy: process, explain: { vitals, server in explanation(of: vitals, server) },
        then: { rows, _ in rows.first?.number(1).map { blockers(waitedFor: $0) } },
        form: { server in .statement(statement(for: server)) }, read: read)

    private static let waiting = [
        VitalRule(
            "lock_wait_seconds", unit: "s", "the longest waiting for a lock on a row", every: quick,
            warn: 60, critical: 120),
        VitalRule(
            "idle_blocker_seconds", unit: "s", "the longest idling of who holds what others wait for",
            every: quick, warn: 60, critical: 600),
    ]

    private static func statement(for server: DatabaseServer) -> String {
        let list = processes(of: server)
        let isWork = """
            COMMAND IN ('Query', 'Execute', 'Fetch') AND ID <> CONNECTION_ID() \
            AND USER NOT IN ('system user', 'event_scheduler')
            """
        return """
            SELECT \
            (SELECT TIMESTAMPDIFF(SECOND, MIN(trx_started), NOW()) FROM information_schema.INNODB_TRX), \
            (SELECT TIMESTAMPDIFF(SECOND, MIN(trx_wait_started), NOW()) \
            FROM information_schema.INNODB_TRX), \
            (SELECT MAX(TIME) FROM information_schema.INNODB_TRX JOIN \(list) \
            ON ID = trx_mysql_thread_id WHERE COMMAND = 'Sleep'), \
            COUNT(*), MAX(IF(\(isWork), TIME, 0)), SUM(IF(\(isWork), TIME > 60, 0)) FROM \(list)
            """
    }

    @Sendable
    private static func read(_ rows: VitalQuestion.Rows, _ server: DatabaseServer) -> [Vital] {
        guard let row = rows.first else { return [] }
        func seconds(_ name: String, _ index: Int) -> Vital {
            Vital(name, max(row.number(index) ?? 0, 0), unit: "s")
        }
        let transactions = [seconds("oldest_transaction_seconds", 0)]
        let isWaited = row.number(1) != nil
        let locks = isWaited ? [] : waiting.map { Vital($0.name, 0, unit: $0.unit) }
        guard (row.number(3) ?? 0) > 0 else {
            let unseen = [
                ("idle_in_transaction_seconds", "s"), ("longest_query_seconds", "s"), ("long_queries", ""),
            ].map { Vital($0, nil, unit: $1, reason: "the server's performance_schema is switched off") }
            return transactions + unseen + locks
        }
        return transactions + [
            seconds("idle_in_transaction_seconds", 2), seconds("longest_query_seconds", 4),
            Vital("long_queries", row.number(5) ?? 0),
        ] + locks
    }

    // MARK: Who

    private static func explanation(
        of vitals: [Vital], _ server: DatabaseServer
    ) -> VitalQuestion.Explanation? {
        let oldest = vitals.first { $0.name == "oldest_transaction_seconds" }?.value ?? 0
        guard oldest > 60 else { return nil }
        return VitalQuestion.Explanation(
            vital: "oldest_transaction_seconds",
            statement: """
                SELECT TIMESTAMPDIFF(SECOND, trx_started, NOW()), trx_mysql_thread_id, \
                USER, HOST, DB, COMMAND FROM information_schema.INNODB_TRX \
                LEFT JOIN \(processes(of: server)) \
                ON ID = trx_mysql_thread_id ORDER BY trx_started LIMIT 5
                """
        ) { rows in
            rows.map { "\($0.text(0) ?? "?") s by connection \($0.text(1) ?? "?")\(who($0.dropFirst(2)))" }
                .joined(separator: "; ")
        }
    }

    /// Whom the waiting wait for: only asked where somebody does.
    ///
    /// - Parameter longest: seconds of the longest waiting.
    private static func blockers(waitedFor longest: Double) -> VitalQuestion {
        VitalQuestion(
            waiting, remedy: performanceSchema,
            form: { server in .statement(blockers(of: server)) },
            read: { rows, _ in
                // Where the wait ended in between, nobody is there any more.
                let detail = rows.isEmpty ? nil : rows.map(sentence).joined(separator: "; ")
                let idle = rows.filter { $0.text(5) == "Sleep" }.compactMap { $0.number(6) }.max()
                return zip(waiting, [longest, idle ?? 0]).map { rule, value in
                    Vital(rule.name, max(value, 0), unit: rule.unit, detail: detail)
                }
            })
    }

    private static func blockers(of server: DatabaseServer) -> String {
        let isNew = server.flavour == .mysql && server.isAtLeast(8)
        let waits = isNew ? "performance_schema.data_lock_waits" : "information_schema.INNODB_LOCK_WAITS"
        let (requesting, blocking) =
            isNew
            ? ("REQUESTING_ENGINE_TRANSACTION_ID", "BLOCKING_ENGINE_TRANSACTION_ID")
            : ("requesting_trx_id", "blocking_trx_id")
        return """
            SELECT DISTINCT r.trx_mysql_thread_id, b.trx_mysql_thread_id, \
            p.USER, p.HOST, p.DB, p.COMMAND, p.TIME FROM \(waits) AS w \
            JOIN information_schema.INNODB_TRX AS r ON r.trx_id = w.\(requesting) \
            JOIN information_schema.INNODB_TRX AS b ON b.trx_id = w.\(blocking) \
            LEFT JOIN \(processes(of: server)) AS p ON p.ID = b.trx_mysql_thread_id LIMIT 5
            """
    }

    private static func sentence(_ row: [String?]) -> String {
        let idle = row.text(5) == "Sleep" ? ", idle for \(row.text(6) ?? "?") s" : ""
        let blocker = "\(row.text(1) ?? "?")\(who(row.dropFirst(2).prefix(3)))\(idle)"
        return "connection \(row.text(0) ?? "?") waits for \(blocker)"
    }

    private static func who(_ parts: some Sequence<String?>) -> String {
        let known = parts.compactMap(\.self).filter { !$0.isEmpty }
        return known.isEmpty ? "" : " (\(known.joined(separator: ", ")))"
    }
}
