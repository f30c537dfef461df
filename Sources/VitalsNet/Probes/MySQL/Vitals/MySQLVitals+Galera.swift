import VitalsCore

extension MySQLVitals {
    /// Of a node of a Galera cluster, among what it counts. A server that is none has the names too.
    static let galera: (rules: [VitalRule], variables: [String]) = (
        [
            VitalRule("galera_nodes", "nodes of the cluster that this one sees", every: quick),
            VitalRule(
                "galera_not_primary", "whether the node is cut off from the majority", every: quick,
                critical: 0, clear: 0.5),
            VitalRule(
                "galera_not_ready", "whether the node takes no queries", every: quick, warn: 0, clear: 0.5),
            VitalRule(
                "galera_not_synced", "whether the node is not in step with the others", every: quick,
                warn: 0, clear: 0.5),
            VitalRule(
                "galera_receive_queue", "write sets that wait to be applied", every: quick, warn: 100),
        ],
        [
            "wsrep_provider_name", "wsrep_cluster_size", "wsrep_cluster_status", "wsrep_ready",
            "wsrep_local_state", "wsrep_local_state_comment", "wsrep_local_recv_queue",
        ]
    )

    static func readGalera(_ values: [String: String]) -> [Vital] {
        guard let provider = values["wsrep_provider_name"], !provider.isEmpty else { return [] }
        func number(_ name: String) -> Double? { values[name].flatMap { Number.parse($0) } }
        let isPrimary = values["wsrep_cluster_status"]?.lowercased() == "primary"
        let isReady = values["wsrep_ready"]?.lowercased() == "on"
        return [
            Vital("galera_nodes", number("wsrep_cluster_size")),
            Vital("galera_not_primary", isPrimary ? 0 : 1, detail: values["wsrep_cluster_status"]),
            Vital("galera_not_ready", isReady ? 0 : 1),
            Vital(
                "galera_not_synced", number("wsrep_local_state") == 4 ? 0 : 1,
                detail: values["wsrep_local_state_comment"]),
            Vital("galera_receive_queue", number("wsrep_local_recv_queue")),
        ]
    }
}
