import CSQLite
import Glibc
import VitalsCore

/// What is measured of a database file besides that it can be read. Nothing of it writes, checkpoints, or
/// holds a lock that keeps a writer waiting.
struct SQLiteVitals: Sendable {
    let path: String
    /// Whether a vital is to be measured by this run.
    let isDue: @Sendable (VitalRule) -> Bool

    static let rules = [
        size, growth, log, free, full, disk, remote, integrity,
    ]

    private static let size = VitalRule(
        "size_bytes", unit: "B", "the file and what lies beside it", every: .seconds(300))
    private static let growth = VitalRule(
        "size_growth_bytes_per_hour", unit: "B", "by how much it grows", every: .seconds(300),
        source: .rate(of: "size_bytes", per: .seconds(3_600)))
    private static let log = VitalRule(
        "wal_bytes", unit: "B", "the write-ahead log", every: .seconds(60), warn: 67_108_864,
        critical: 1_073_741_824)
    private static let free = VitalRule(
        "freelist_percent", unit: "%", "pages of the file that hold nothing (VACUUM gives them back)",
        every: .seconds(300), warn: 30)
    private static let full = VitalRule(
        "pages_used_percent", unit: "%", "pages, of those that max_page_count allows", every: .seconds(60),
        warn: 90, critical: 95)
    private static let disk = VitalRule(
        "disk_used_percent", unit: "%", "the disk that the file is on", every: .seconds(60), warn: 90,
        critical: 95)
    private static let remote = VitalRule(
        "wal_on_network_filesystem", "1: a write-ahead log over a network, which cannot be relied on",
        every: .seconds(300), critical: 0.5)
    private static let integrity = VitalRule(
        "integrity_errors", "what a quick check of the file finds wrong", every: .seconds(86_400),
        critical: 0.5)

    /// Beyond it a file is not checked page by page.
    private static let mostChecked = 1 << 30

    var isEmpty: Bool { !Self.rules.contains(where: isDue) }

    /// Blocks; on the thread of the run, once its verdict is in. Those that time ran out for are missing.
    func measure(_ connection: SQLiteConnection, _ ticket: RunTicket, _ take: (Vital) -> Void) {
        if isDue(Self.size), let bytes = bytes("") {
            let beside = (self.bytes("-wal") ?? 0) + (self.bytes("-shm") ?? 0)
            take(Vital("size_bytes", Double(bytes + beside), unit: "B"))
        }
        if isDue(Self.log) { take(Vital("wal_bytes", Double(bytes("-wal") ?? 0), unit: "B")) }
        if isDue(Self.free) {
            take(percent(Self.free, "PRAGMA freelist_count", of: "PRAGMA page_count", connection))
        }
        if isDue(Self.full) {
            take(percent(Self.full, "PRAGMA page_count", of: "PRAGMA max_page_count", connection))
        }
        if isDue(Self.disk) { take(diskUsed()) }
        if isDue(Self.remote) { take(onNetwork()) }
        if isDue(Self.integrity), !ticket.isCancelled { take(integrityErrors(connection)) }
    }

    /// What was due and is not among these, for `reason`.
    func missing(_ measured: [Vital], _ reason: String) -> [Vital] {
        let names = Set(measured.map(\.name))
        return Self.rules.filter { $0.source == .measured && isDue($0) && !names.contains($0.name) }
            .map { Vital($0.name, nil, unit: $0.unit, reason: reason) }
    }

    private func bytes(_ suffix: String) -> Int? {
        var status = stat()
        return stat(path + suffix, &status) == 0 ? Int(status.st_size) : nil
    }

    private func percent(
        _ rule: VitalRule, _ part: String, of whole: String, _ connection: SQLiteConnection
    ) -> Vital {
        do throws(SQLiteFault) {
            let part = try connection.value(part, in: .vitals).flatMap(Double.init)
            let whole = try connection.value(whole, in: .vitals).flatMap(Double.init)
            guard let part, let whole, whole > 0 else {
                return Vital(rule.name, nil, unit: rule.unit, reason: "SQLite did not say")
            }
            return Vital(rule.name, 100 * part / whole, unit: rule.unit)
        } catch {
            return Vital(rule.name, nil, unit: rule.unit, reason: error.message)
        }
    }

    private func diskUsed() -> Vital {
        var status = statvfs()
        guard statvfs(path, &status) == 0, status.f_blocks > 0 else {
            return Vital("disk_used_percent", nil, unit: "%", reason: "the disk could not be asked")
        }
        // As `df` counts it: of what is not kept for root.
        let used = Double(status.f_blocks - status.f_bfree)
        let open = used + Double(status.f_bavail)
        return Vital("disk_used_percent", open > 0 ? 100 * used / open : 100, unit: "%")
    }

    /// The index of a write-ahead log is shared memory, which no network file system shares.
    private func onNetwork() -> Vital {
        var status = statfs()
        guard statfs(path, &status) == 0 else {
            return Vital(Self.remote.name, nil, reason: "the file system could not be asked")
        }
        let isRemote = Self.remoteFileSystems.contains(UInt32(truncatingIfNeeded: status.f_type))
        return Vital(Self.remote.name, isRemote && bytes("-wal") != nil ? 1 : 0)
    }

    /// NFS, CIFS, SMB 2, Ceph, 9P ("statfs(2)").
    private static let remoteFileSystems: Set<UInt32> = [
        0x6969, 0xFF53_4D42, 0xFE53_4D42, 0x00C3_6400, 0x0102_1997,
    ]

    private func integrityErrors(_ connection: SQLiteConnection) -> Vital {
        guard (bytes("") ?? 0) <= Self.mostChecked else {
            return Vital(Self.integrity.name, nil, reason: "not checked: the file is larger than 1 GiB")
        }
        do throws(SQLiteFault) {
            let rows = try connection.values("PRAGMA quick_check(10)", upTo: 10, in: .vitals)
            let errors = rows.filter { $0 != "ok" }
            return Vital(
                Self.integrity.name, Double(errors.count),
                detail: errors.isEmpty ? nil : errors.prefix(3).joined(separator: "; "))
        } catch {
            return Vital(Self.integrity.name, nil, reason: error.message)
        }
    }
}
