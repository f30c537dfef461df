import VitalsCore

extension RedisVitals {
    static let persistence = [
        VitalRule(
            "snapshot_failing", "whether the last snapshot could not be written", every: quick, critical: 0,
            clear: 0.5),
        VitalRule(
            "append_only_failing", "whether the append-only file could not be written", every: quick,
            critical: 0, clear: 0.5),
        VitalRule("changes_since_snapshot", "changes that no snapshot has", every: quick),
        VitalRule(
            "delayed_syncs_total", unit: "c", "writes that waited for the append-only file's disk",
            every: quick),
        VitalRule(
            "delayed_syncs_per_minute", "writes a minute that waited for the append-only file's disk",
            every: quick, source: .rate(of: "delayed_syncs_total", per: .seconds(60)), warn: 0, clear: 0.5),
    ]

    static func read(persistence fields: Fields) -> [Vital] {
        func failing(_ name: String, _ fields: [(String, String?)]) -> Vital? {
            let known = fields.compactMap { name, status in status.map { (name, $0) } }
            guard !known.isEmpty else { return nil }
            let failed = known.filter { $0.1 != "ok" }
            let vital = Vital(name, failed.isEmpty ? 0 : 1)
            return failed.isEmpty
                ? vital : vital.explained(by: failed.map { "\($0) is \($1)" }.joined(separator: ", "))
        }
        func status(_ name: String) -> (String, String?) { (name, fields.text(name)) }
        let hasAppendOnly = fields.number("aof_enabled") == 1
        return [
            failing("snapshot_failing", [status("rdb_last_bgsave_status")]),
            hasAppendOnly
                ? failing(
                    "append_only_failing",
                    [status("aof_last_write_status"), status("aof_last_bgrewrite_status")]) : nil,
            vital("changes_since_snapshot", fields.number("rdb_changes_since_last_save")),
            hasAppendOnly ? vital("delayed_syncs_total", fields.number("aof_delayed_fsync")) : nil,
        ].compactMap(\.self)
    }

    static let snapshotAge = VitalRule(
        "snapshot_age_seconds", unit: "s", "since when changes wait for a snapshot, where snapshots are made",
        every: quick, warn: 172_800, critical: 345_600)

    /// Whether the server makes snapshots at all is only asked where changes wait for one.
    ///
    /// - Parameter fields: of `INFO`.
    static func snapshots(_ fields: Fields) -> VitalQuestion? {
        guard let changes = fields.number("rdb_changes_since_last_save"),
            let saved = fields.number("rdb_last_save_time"), let there = fields.number("server_time_usec")
        else { return nil }
        let age = changes > 0 ? max(there / 1_000_000 - saved, 0) : 0
        return VitalQuestion(
            [snapshotAge], remedy: remedy("+config|get"),
            form: { _ in .statement("CONFIG GET save") },
            read: { rows, _ in
                guard let points = rows.first?.text(0), !points.isEmpty else { return [] }
                return [Vital(snapshotAge.name, age, unit: snapshotAge.unit)]
            })
    }
}
