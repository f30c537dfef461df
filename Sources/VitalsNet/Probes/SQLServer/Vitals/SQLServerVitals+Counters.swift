import VitalsCore

extension SQLServerVitals {
    /// What the server counts itself. Those whose names end with `/sec` are counted since its start, whatever
    /// they are called.
    static let counters = VitalQuestion(
        counted.map(\.rule) + [cacheHits] + derived,
        form: { _ in
            let names = counted.map { $0.counter } + cacheCounters
            let quoted = names.map { "N'\($0)'" }.joined(separator: ", ")
            return .statement(
                """
                SELECT RTRIM(counter_name), MAX(cntr_value) FROM sys.dm_os_performance_counters \
                WHERE RTRIM(counter_name) IN (\(quoted)) \
                AND (RTRIM(instance_name) IN (N'', N'_Total')) \
                AND (object_name NOT LIKE N'%Buffer Node%') GROUP BY RTRIM(counter_name)
                """)
        },
        read: { rows, _ in
            let pairs = rows.compactMap { row in
                if let name = row.text(0), let value = row.number(1) { (name, value) } else { nil }
            }
            let counts = Dictionary(pairs) { first, _ in first }
            let vitals = counted.compactMap { counter, rule in
                counts[counter].map { Vital(rule.name, $0, unit: rule.unit) }
            }
            guard let hits = counts[cacheCounters[0]], let base = counts[cacheCounters[1]], base > 0 else {
                return vitals
            }
            return vitals + [Vital(cacheHits.name, min(100 * hits / base, 100), unit: "%")]
        }
    )
    .mended(by: stateRight)

    private static let counted: [(counter: String, rule: VitalRule)] = [
        ("User Connections", VitalRule("connections", "connections of clients", every: quick)),
        (
            "Processes blocked",
            VitalRule(
                "lock_waiters", "sessions that wait for another one", every: quick, warn: 10, critical: 25)
        ),
        ("Batch Requests/sec", VitalRule("batches_total", unit: "c", "batches carried out", every: quick)),
        ("Number of Deadlocks/sec", VitalRule("deadlocks_total", unit: "c", "deadlocks", every: quick)),
        (
            "Page life expectancy",
            VitalRule(
                "page_life_expectancy_seconds", unit: "s", "how long a page stays in memory", every: quick,
                bad: .low, warn: 300, critical: 180)
        ),
        (
            "Memory Grants Pending",
            VitalRule(
                "memory_grants_pending", "queries that wait for memory", every: quick, warn: 0, critical: 10,
                clear: 0.5)
        ),
    ]

    /// A share is of use only against its own base.
    private static let cacheCounters = ["Buffer cache hit ratio", "Buffer cache hit ratio base"]

    private static let cacheHits = VitalRule(
        "cache_hit_percent", unit: "%", "pages that are found in memory", every: quick, bad: .low, warn: 90,
        critical: 80)

    private static let derived = [
        VitalRule(
            "deadlocks_per_second", "deadlocks a second", every: quick,
            source: .rate(of: "deadlocks_total", per: .seconds(1)), warn: 1, critical: 5),
        VitalRule(
            "batches_per_second", "batches a second", every: quick,
            source: .rate(of: "batches_total", per: .seconds(1))),
    ]

    /// Threads that carry statements out: those are what a server runs out of, long before its connections.
    /// And what time it is there.
    static let workers = VitalQuestion(
        [
            VitalRule("workers", "threads that carry statements out", every: quick),
            VitalRule("workers_limit", "as many as there may be", every: quick),
            VitalRule(
                "workers_used_percent", unit: "%", "threads in use, of those that there may be", every: quick,
                warn: 80, critical: 95),
            VitalRule(
                "work_queue", "tasks that wait for a thread", every: quick, warn: 0, critical: 50,
                clear: 0.5),
            VitalRule("connections_limit", "connections that there may be", every: quick),
            VitalRule("uptime_seconds", unit: "s", "how long the server runs", every: quick),
            VitalRule(
                "clock_skew_seconds", unit: "s", "how far the server's clock is from ours", every: quick,
                warn: 2, critical: 5),
        ],
        form: ofServers(
            """
            SELECT (SELECT SUM(current_workers_count) FROM sys.dm_os_schedulers \
            WHERE status = N'VISIBLE ONLINE'), max_workers_count, \
            (SELECT SUM(work_queue_count) FROM sys.dm_os_schedulers WHERE status = N'VISIBLE ONLINE'), \
            @@MAX_CONNECTIONS, DATEDIFF(second, sqlserver_start_time, GETDATE()), \
            CONVERT(decimal(20, 3), DATEDIFF(second, '19700101', SYSUTCDATETIME())) \
            + DATEPART(millisecond, SYSUTCDATETIME()) / 1000.0 FROM sys.dm_os_sys_info
            """),
        readAnswer: { answer, _ in
            guard let row = answer.rows.first, let used = row.number(0), let limit = row.number(1) else {
                return []
            }
            return [
                Vital("workers", used), Vital("workers_limit", limit),
                Vital("workers_used_percent", 100 * used / max(limit, 1), unit: "%"),
                Vital("work_queue", row.number(2) ?? 0), Vital("connections_limit", row.number(3)),
                Vital("uptime_seconds", row.number(4), unit: "s"), answer.skew(of: row.number(5)),
            ]
        }
    )
    .mended(by: stateRight)

    /// What a database of Azure's uses of what it may: the mean of the last quarter of a minute.
    static let resources = VitalQuestion(
        resourceRules,
        form: { server in
            guard server.flavour == .azuresql else { return .pointless }
            return .statement(
                """
                SELECT TOP (1) avg_cpu_percent, avg_data_io_percent, avg_log_write_percent, \
                avg_memory_usage_percent, max_worker_percent, max_session_percent \
                FROM sys.dm_db_resource_stats ORDER BY end_time DESC
                """)
        },
        read: { rows, _ in
            zip(resourceRules, rows.first ?? []).compactMap { rule, text in
                text.flatMap { Number.parse($0) }.map { Vital(rule.name, $0, unit: rule.unit) }
            }
        }
    )
    .mended(by: databaseStateRight)

    private static let resourceRules = [
        ("cpu_percent", "processor time in use, of what the database may use"),
        ("data_io_percent", "reading and writing of data, of what the database may do"),
        ("log_write_percent", "writing of the log, of what the database may do"),
        ("memory_percent", "memory in use, of what the database may use"),
        ("worker_percent", "threads in use, of those that the database may use"),
        ("session_percent", "sessions, of those that the database may have"),
    ].map { name, summary in
        name == "memory_percent"
            ? VitalRule(name, unit: "%", summary, every: quick)
            : VitalRule(name, unit: "%", summary, every: quick, warn: 80, critical: 90)
    }
}
