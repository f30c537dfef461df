import VitalsCore

extension MySQLVitals {
    /// What the server counts itself, in one statement that everybody may ask.
    static let status = VitalQuestion(
        counted.map { $0.rule } + blocks + derived + galera.rules + limits,
        then: { rows, _ in
            question(ofLimits: values(of: rows)["Threads_connected"].flatMap { Number.parse($0) })
        },
        form: { _ in
            let names = counted.map { $0.variable } + blockVariables + galera.variables
            let quoted = names.map { "'\($0)'" }.joined(separator: ", ")
            return .statement("SHOW GLOBAL STATUS WHERE Variable_name IN (\(quoted))")
        },
        read: { rows, _ in
            let counts = values(of: rows)
            let vitals = counted.compactMap { variable, rule in
                counts[variable].map { Vital(rule.name, Number.parse($0), unit: rule.unit) }
            }
            return vitals + readBlocks(counts) + readGalera(counts)
        })

    /// Rows of a name and a value.
    private static func values(of rows: VitalQuestion.Rows) -> [String: String] {
        let pairs = rows.compactMap { row in
            if let name = row.text(0), let value = row.text(1) { (name, value) } else { nil }
        }
        return Dictionary(pairs) { first, _ in first }
    }

    /// What becomes a vital as it is. The last two are MariaDB's; of MySQL they are asked elsewhere.
    private static let counted: [(variable: String, rule: VitalRule)] =
        [
            ("Threads_connected", VitalRule("connections", "connections of clients", every: quick)),
            (
                "Max_used_connections",
                VitalRule(
                    "connections_peak", "the most connections at once since the server started", every: quick)
            ),
            (
                "Threads_running",
                VitalRule(
                    "threads_running", "connections that carry out a statement", every: quick, warn: 20,
                    critical: 40)
            ),
            (
                "Innodb_row_lock_current_waits",
                VitalRule(
                    "lock_waiters", "transactions that wait for a lock on a row", every: quick, warn: 10,
                    critical: 25)
            ),
            ("Uptime", VitalRule("uptime_seconds", unit: "s", "how long the server runs", every: quick)),
            counter("Aborted_connects", "aborted_connects_total", "connections that came to no session"),
            counter("Aborted_clients", "aborted_clients_total", "sessions that ended without a goodbye"),
            counter(
                "Connection_errors_max_connections", "connections_refused_total",
                "connections refused for want of a place"),
            counter("Innodb_row_lock_waits", "lock_waits_total", "waits for a lock on a row"),
            counter("Innodb_log_waits", "log_waits_total", "waits for room in the log buffer"),
            ("Innodb_deadlocks", deadlocks), ("Innodb_history_list_length", historyList),
        ]

    private static func counter(
        _ variable: String, _ name: String, _ summary: String
    ) -> (variable: String, rule: VitalRule) {
        (variable, VitalRule(name, unit: "c", summary, every: quick))
    }

    private static let derived = [
        VitalRule(
            "aborted_connects_per_second", "connections a second that come to no session", every: quick,
            source: .rate(of: "aborted_connects_total", per: .seconds(1)), warn: 1),
        VitalRule(
            "connections_refused_per_minute", "connections a minute refused for want of a place",
            every: quick, source: .rate(of: "connections_refused_total", per: .seconds(60)), warn: 0,
            clear: 0.5),
        VitalRule(
            "deadlocks_per_minute", "deadlocks a minute", every: quick,
            source: .rate(of: "deadlocks_total", per: .seconds(60)), warn: 5),
        VitalRule(
            "log_waits_per_second", "waits a second for room in the log buffer", every: quick,
            source: .rate(of: "log_waits_total", per: .seconds(1)), warn: 10),
        VitalRule(
            "cache_hit_percent", unit: "%", "pages that are found in the buffer pool", every: quick,
            source: .share(
                of: "blocks_hit_total", in: ["blocks_hit_total", "blocks_read_total"], atLeast: 100_000),
            bad: .low, warn: 99, critical: 95),
    ]

    // MARK: The buffer pool

    private static let blocks = [
        VitalRule("blocks_hit_total", unit: "c", "pages found in the buffer pool", every: quick),
        VitalRule("blocks_read_total", unit: "c", "pages not found in the buffer pool", every: quick),
    ]
    private static let blockVariables = ["Innodb_buffer_pool_read_requests", "Innodb_buffer_pool_reads"]

    private static func readBlocks(_ values: [String: String]) -> [Vital] {
        let numbers = blockVariables.compactMap { values[$0].flatMap { Number.parse($0) } }
        guard numbers.count == 2 else { return [] }
        return zip(blocks, [max(numbers[0] - numbers[1], 0), numbers[1]]).map { rule, value in
            Vital(rule.name, value, unit: rule.unit)
        }
    }

    // MARK: Limits and clock

    private static let limits = [
        VitalRule("connections_limit", "connections that users may open", every: quick),
        VitalRule(
            "connections_used_percent", unit: "%", "connections in use, of those that users may open",
            every: quick, warn: 80, critical: 95),
        VitalRule(
            "clock_skew_seconds", unit: "s", "how far the server's clock is from ours", every: quick,
            warn: 2, critical: 5),
    ]

    private static func question(ofLimits used: Double?) -> VitalQuestion {
        VitalQuestion(
            limits,
            then: { _, server in server.flavour == .mysql ? engine : nil },
            form: { _ in
                .statement(
                    "SELECT @@global.max_connections, "
                        + "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) / 1000000")
            },
            readAnswer: { answer, _ in
                guard let row = answer.rows.first, let limit = row.number(0) else { return [] }
                return [
                    Vital("connections_limit", limit),
                    Vital("connections_used_percent", used.map { 100 * $0 / max(limit, 1) }, unit: "%"),
                    answer.skew(of: row.number(1)),
                ]
            })
    }

    // MARK: What MySQL tells of InnoDB to few

    private static let deadlocks = VitalRule("deadlocks_total", unit: "c", "deadlocks", every: quick)
    private static let historyList = VitalRule(
        "history_list_length", "transactions whose old rows are not purged yet", every: quick, warn: 50_000,
        critical: 1_000_000)

    private static let engine = VitalQuestion(
        [deadlocks, historyList], remedy: process,
        form: { server in
            guard server.isAtLeast(5, 6) else { return .impossible("needs MySQL 5.6") }
            return .statement(
                """
                SELECT NAME, COUNT FROM information_schema.INNODB_METRICS WHERE STATUS = 'enabled' \
                AND NAME IN ('lock_deadlocks', 'trx_rseg_history_len')
                """)
        },
        read: { rows, _ in
            let metrics = values(of: rows)
            return [("lock_deadlocks", deadlocks), ("trx_rseg_history_len", historyList)].map { name, rule in
                let value = metrics[name].flatMap { Number.parse($0) }
                return Vital(
                    rule.name, value, unit: rule.unit,
                    reason: value == nil ? "the metric \(name) is switched off" : nil)
            }
        })
}
