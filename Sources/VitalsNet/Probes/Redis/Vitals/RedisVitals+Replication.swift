import VitalsCore

extension RedisVitals {
    static let replication = [
        VitalRule("replicas", "replicas that are connected", every: quick),
        VitalRule(
            "replicas_syncing", "replicas that still copy the data and do not follow yet", every: quick),
        VitalRule(
            "replication_lag_bytes", unit: "B", "what the farthest replica has yet to receive", every: quick,
            warn: 10_485_760, critical: 104_857_600),
        VitalRule(
            "replica_silence_seconds", unit: "s", "since when the most silent replica has confirmed nothing",
            every: quick, warn: 30, critical: 60),
        VitalRule(
            "replication_link_down_seconds", unit: "s", "how long this replica has been without its primary",
            every: quick, warn: 30, critical: 60, clear: 1),
        VitalRule(
            "primary_silence_seconds", unit: "s", "since when this replica has heard nothing of its primary",
            every: quick, warn: 30, critical: 60),
    ]

    static func read(replication fields: Fields) -> [Vital] {
        (fields.text("role") == "slave" ? readFollowing(fields) : []) + readFollowers(fields)
    }

    private static func readFollowing(_ fields: Fields) -> [Vital] {
        guard let status = fields.text("master_link_status") else { return [] }
        guard status != "up" else {
            let silence = fields.number("master_last_io_seconds_ago").flatMap { $0 < 0 ? nil : $0 }
            return [
                vital("replication_link_down_seconds", 0), vital("primary_silence_seconds", silence),
            ].compactMap(\.self)
        }
        // -1: it was never up since the server was started.
        let down = fields.number("master_link_down_since_seconds").flatMap { $0 < 0 ? nil : $0 }
        let isCopying = fields.number("master_sync_in_progress") == 1
        let host = "\(fields.text("master_host") ?? "?"):\(fields.text("master_port") ?? "?")"
        let detail =
            "the link to \(host) is \(status)" + (isCopying ? ", and the data is being copied" : "")
            + (down == nil ? "; it was never up since the server was started" : "")
        return [
            vital("replication_link_down_seconds", down ?? fields.number("uptime_in_seconds"))?
                .explained(by: detail)
        ].compactMap(\.self)
    }

    private static func readFollowers(_ fields: Fields) -> [Vital] {
        guard let count = fields.number("connected_slaves") else { return [] }
        let replicas = fields.numbered("slave")
        let online = replicas.filter { part("state", of: $0) == "online" }
        let offset = fields.number("master_repl_offset")
        let behind = online.compactMap { replica in
            part("offset", of: replica).flatMap { Number.parse($0) }.flatMap { there in
                offset.map { max($0 - there, 0) }
            }
        }
        let silences = online.compactMap { part("lag", of: $0).flatMap { Number.parse($0) } }
        return [
            vital("replicas", count), vital("replicas_syncing", Double(replicas.count - online.count)),
            vital("replication_lag_bytes", behind.max()),
            vital("replica_silence_seconds", silences.max()),
        ].compactMap(\.self)
    }
}
