import VitalsCore

/// What a vital is among the metrics of databases.
struct VitalFamily: Hashable {
    /// Of its samples: `db_connections`, `db_deadlocks_total`.
    let sampleName: String
    /// Which nothing else may have: without `_total`.
    let name: String

    private static let longest = 64
    private static let counterSuffix = "_total"

    /// Nothing for a name of which none can be made, or that is told otherwise.
    init?(of vital: String) {
        var letters = vital.lowercased().utf8.map { byte in
            ASCII.isLowerCaseLetter(byte) || ASCII.isDigit(byte) ? byte : UInt8(ascii: "_")
        }
        while letters.last == UInt8(ascii: "_") { letters.removeLast() }
        guard !letters.isEmpty, letters.count <= Self.longest else { return nil }
        let text = String(decoding: letters, as: UTF8.self)
        let isCounter = text.hasSuffix(Self.counterSuffix)
        let stem = isCounter ? String(text.dropLast(Self.counterSuffix.count)) : text
        guard !stem.isEmpty, !Self.isTaken(stem) else { return nil }
        name = "db_" + stem
        sampleName = "db_" + text
    }

    private static let taken: Set = [
        "up", "status", "read_latency_ms", "write_latency_ms", "connection_count", "connection_errors",
        "role", "role_info", "replica", "info", "capability", "tls_certificate_expiry_timestamp_seconds",
    ]

    /// What the last part of a name says of a histogram or of information is said of nothing else.
    private static func isTaken(_ stem: String) -> Bool {
        taken.contains(stem) || stem.hasPrefix("probe_") || stem.hasPrefix(DatabaseReading.capabilityPrefix)
            || ["_bucket", "_count", "_sum", "_created", "_info", counterSuffix].contains {
                stem.hasSuffix($0)
            }
    }

    var isCounter: Bool { sampleName != name }

    var family: MetricFamily {
        let unit = ["seconds", "bytes"].first { name.hasSuffix("_\($0)") } ?? ""
        let help = Self.helps[String(sampleName.dropFirst(3))] ?? "A vital sign, as its check names it."
        return MetricFamily(name, isCounter ? .counter : .gauge, unit: unit, help)
    }

    /// Those that are exported first when there is no room for all.
    static let known = [
        ("connections", "Connections that clients have open."),
        ("connections_limit", "How many connections clients may have open."),
        ("connections_reserved", "Connections of the limit that are kept for administrators."),
        ("replication_lag_seconds", "How old what a replica shows is."),
        ("replication_lag_bytes", "What a replica has yet to replay."),
        ("oldest_transaction_seconds", "The age of the oldest open transaction."),
        ("idle_in_transaction_seconds", "How long the longest idle session has held a transaction open."),
        ("lock_waiters", "Sessions that wait for a lock."),
        ("deadlocks_total", "Deadlocks that the server broke."),
        ("xid_age", "The age of the oldest transaction id."),
        ("xid_limit", "The age at which the server stops taking writes."),
        ("wal_archive_failing", "Whether the last attempt to archive failed."),
        ("slot_retained_bytes", "What replication slots keep the server from removing."),
        ("size_bytes", "How large the database is."),
        ("backup_age_seconds", "How old the newest backup is."),
    ]

    private static let helps = Dictionary(uniqueKeysWithValues: known.map { ($0.0, $0.1) })
    private static let ranks = Dictionary(
        uniqueKeysWithValues: known.enumerated().map { ($1.0, $0) })

    /// The vitals that have a value, each family once, in the order in which room is given to them: those
    /// that alerts ask for, then those of the check's author, then all others.
    static func exported(
        _ vitals: [Vital], own: Set<String> = [], limit: Int
    ) -> [(family: VitalFamily, value: Double)] {
        var seen: Set<String> = []
        var ownFamilies: Set<VitalFamily> = []
        let named = vitals.compactMap { vital -> (family: VitalFamily, value: Double)? in
            guard let value = vital.value, value.isFinite, let family = VitalFamily(of: vital.name),
                !family.isCounter || value >= 0, seen.insert(family.name).inserted
            else { return nil }
            if own.contains(vital.name) { ownFamilies.insert(family) }
            return (family, value)
        }
        func rank(_ family: VitalFamily) -> Int {
            ranks[String(family.sampleName.dropFirst(3))]
                ?? (ownFamilies.contains(family) ? known.count : known.count + 1)
        }
        let ordered = named.enumerated().sorted { left, right in
            (rank(left.element.family), left.offset) < (rank(right.element.family), right.offset)
        }
        return ordered.prefix(max(0, limit)).map(\.element)
    }
}
