import VitalsCore

extension RedisVitals {
    // MARK: Clients

    static let clients =
        [
            VitalRule("connections", "connections of clients", every: quick),
            VitalRule("connections_limit", "connections that clients may open", every: quick),
            VitalRule(
                "connections_used_percent", unit: "%", "connections in use, of those that clients may open",
                every: quick, warn: 80, critical: 95),
            VitalRule("blocked_clients", "clients that wait in a command such as BLPOP", every: quick),
            VitalRule("uptime_seconds", unit: "s", "how long the server runs", every: quick),
            VitalRule(
                "clock_skew_seconds", unit: "s", "how far the server's clock is from ours", every: quick,
                warn: 2, critical: 5),
            VitalRule(
                "connections_refused_total", unit: "c", "connections refused for want of a place",
                every: quick),
            VitalRule(
                "connections_refused_per_minute", "connections a minute refused for want of a place",
                every: quick, source: .rate(of: "connections_refused_total", per: .seconds(60)), warn: 0,
                clear: 0.5),
        ]

    static func read(clients fields: Fields, _ answer: VitalQuestion.Answer) -> [Vital] {
        let (used, limit) = (fields.number("connected_clients"), fields.number("maxclients"))
        var vitals = [
            vital("connections", used), vital("connections_limit", limit),
            vital("blocked_clients", fields.number("blocked_clients")),
            vital("uptime_seconds", fields.number("uptime_in_seconds")),
            vital("connections_refused_total", fields.number("rejected_connections")),
        ]
        if let used, let limit {
            vitals.append(vital("connections_used_percent", 100 * used / max(limit, 1)))
        }
        if let there = fields.number("server_time_usec") { vitals.append(answer.skew(of: there / 1_000_000)) }
        return vitals.compactMap(\.self)
    }

    // MARK: Memory

    static let memory = [
        VitalRule("memory_used_bytes", unit: "B", "memory that its data takes", every: quick),
        VitalRule(
            "memory_limit_bytes", unit: "B", "memory that its data may take: maxmemory, or the machine's",
            every: quick),
        VitalRule(
            "memory_used_percent", unit: "%",
            "memory in use, where nothing is evicted to make room and writes are refused at the end",
            every: quick, warn: 90, critical: 98),
        VitalRule(
            "memory_fragmentation_ratio", "memory that the process has, against what its data takes",
            every: quick, warn: 1.5, clear: 1.4),
        VitalRule("evicted_keys_total", unit: "c", "keys removed to make room", every: quick),
        VitalRule(
            "evicted_keys_per_second", "keys a second removed to make room", every: quick,
            source: .rate(of: "evicted_keys_total", per: .seconds(1))),
    ]

    /// Of less data than this the ratio says nothing.
    private static let leastForFragmentation = 100.0 * 1_048_576

    static func read(memory fields: Fields) -> [Vital] {
        let used = fields.number("used_memory")
        let maximum = fields.number("maxmemory") ?? 0
        let limit = maximum > 0 ? maximum : fields.number("total_system_memory")
        let policy = fields.text("maxmemory_policy") ?? "noeviction"
        var vitals = [
            vital("memory_used_bytes", used), vital("memory_limit_bytes", limit),
            vital("evicted_keys_total", fields.number("evicted_keys")),
        ]
        // A cache that makes room for itself is full by design.
        if let used, let limit, limit > 0, policy == "noeviction" || maximum == 0 {
            let what = maximum > 0 ? "of maxmemory" : "of the machine's memory; there is no maxmemory"
            vitals.append(vital("memory_used_percent", 100 * used / limit)?.explained(by: what))
        }
        if let used, used >= leastForFragmentation {
            vitals.append(vital("memory_fragmentation_ratio", fields.number("mem_fragmentation_ratio")))
        }
        return vitals.compactMap(\.self)
    }

    // MARK: Traffic

    static let traffic = [
        VitalRule("keys", "keys in all databases", every: quick),
        VitalRule("commands_total", unit: "c", "commands carried out", every: quick),
        VitalRule(
            "commands_per_second", "commands a second", every: quick,
            source: .rate(of: "commands_total", per: .seconds(1))),
        VitalRule("error_replies_total", unit: "c", "commands answered by an error", every: quick),
        VitalRule(
            "error_replies_per_minute", "commands a minute answered by an error", every: quick,
            source: .rate(of: "error_replies_total", per: .seconds(60))),
        VitalRule("keys_hit_total", unit: "c", "keys looked up and found", every: quick),
        VitalRule("keys_missed_total", unit: "c", "keys looked up and not found", every: quick),
        VitalRule(
            "cache_hit_percent", unit: "%", "keys found, of those looked up", every: quick,
            source: .share(
                of: "keys_hit_total", in: ["keys_hit_total", "keys_missed_total"], atLeast: 1_000),
            bad: .low),
    ]

    static func read(traffic fields: Fields) -> [Vital] {
        let counted = [
            ("commands_total", "total_commands_processed"), ("error_replies_total", "total_error_replies"),
            ("keys_hit_total", "keyspace_hits"), ("keys_missed_total", "keyspace_misses"),
        ]
        let keys = fields.numbered("db").compactMap { part("keys", of: $0).flatMap { Number.parse($0) } }
        return counted.compactMap { vital($0, fields.number($1)) }
            + [vital("keys", keys.reduce(0, +))].compactMap(\.self)
    }

    /// Nothing where the server does not say.
    static func vital(_ name: String, _ value: Double?) -> Vital? {
        value.map { Vital(name, $0, unit: units[name] ?? "") }
    }

    private static let units = Dictionary(
        (clients + memory + traffic + persistence + replication).map { ($0.name, $0.unit) }
    ) { first, _ in first }
}
