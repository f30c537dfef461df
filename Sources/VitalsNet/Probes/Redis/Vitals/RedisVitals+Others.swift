import VitalsCore

extension RedisVitals {
    // MARK: Cluster

    /// Only of a node of a cluster; one that belongs to none says so itself.
    static let cluster = VitalQuestion(
        [
            VitalRule("cluster_nodes", "nodes that this one knows of the cluster", every: quick),
            VitalRule(
                "cluster_slots_missing", "slots that no node of the cluster has", every: quick, critical: 0,
                clear: 0.5),
            VitalRule(
                "cluster_slots_failed", "slots whose node is down", every: quick, critical: 0, clear: 0.5),
            VitalRule(
                "cluster_slots_suspect", "slots whose node this one does not reach", every: quick, warn: 0,
                clear: 0.5),
        ],
        remedy: remedy("+cluster|info"),
        form: { $0.isInCluster ? .statement("CLUSTER INFO") : .pointless },
        readAnswer: { answer, _ in
            let fields = Fields(answer)
            let missing = fields.number("cluster_slots_assigned").map { Double(ClusterState.slots) - $0 }
            return [
                ("cluster_nodes", fields.number("cluster_known_nodes")), ("cluster_slots_missing", missing),
                ("cluster_slots_failed", fields.number("cluster_slots_fail")),
                ("cluster_slots_suspect", fields.number("cluster_slots_pfail")),
            ].compactMap { vital($0, $1) }
        })

    // MARK: Slow commands

    static let slowLog = VitalQuestion(
        [
            VitalRule(
                "slow_log_entries",
                "slow commands that the server has noted; it keeps slowlog-max-len of them",
                every: slow)
        ],
        remedy: remedy("+slowlog|len"),
        form: { $0.flavour == .sentinel ? .pointless : .statement("SLOWLOG LEN") },
        read: { rows, _ in [vital("slow_log_entries", rows.first?.number(0))].compactMap(\.self) })

    /// Empty where nothing is watched (`latency-monitor-threshold` is 0).
    static let latency = VitalQuestion(
        [
            VitalRule(
                "latency_peak_seconds", unit: "s",
                "the longest delay of the server's own that it has noted, of the newest of each kind",
                every: slow)
        ],
        remedy: remedy("+latency|latest"),
        form: { $0.flavour == .sentinel ? .pointless : .statement("LATENCY LATEST") },
        read: { rows, _ in
            let newest = rows.compactMap { row in
                row.number(2).map { (event: row.text(0) ?? "?", seconds: $0 / 1_000) }
            }
            guard let longest = newest.max(by: { $0.seconds < $1.seconds }) else { return [] }
            return [Vital("latency_peak_seconds", longest.seconds, unit: "s").explained(by: longest.event)]
        })

    // MARK: Sentinel

    static let watched = VitalQuestion(
        [
            VitalRule("sentinel_primaries", "primaries that the Sentinel watches", every: quick),
            VitalRule(
                "sentinel_primaries_down", "primaries that it takes for down", every: quick, critical: 0,
                clear: 0.5),
        ],
        remedy: remedy("+info"),
        form: { $0.flavour == .sentinel ? .statement("INFO sentinel") : .pointless },
        readAnswer: { answer, _ in
            let fields = Fields(answer)
            let down = fields.numbered("master").filter { part("status", of: $0) != "ok" }
            let detail = down.map { text in
                let (name, status) = (part("name", of: text) ?? "?", part("status", of: text) ?? "?")
                return "\(name) is \(status)"
            }
            let count = Vital("sentinel_primaries_down", Double(down.count))
            return [
                vital("sentinel_primaries", fields.number("sentinel_masters")),
                detail.isEmpty ? count : count.explained(by: detail.prefix(5).joined(separator: ", ")),
            ].compactMap(\.self)
        })
}
