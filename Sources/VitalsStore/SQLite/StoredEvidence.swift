import GRDB
import VitalsCore
import VitalsEngine

/// Evidence and the instant of the run that it was kept of.
struct StoredEvidence {
    let at: Timestamp
    let packed: PackedEvidence

    init(at: Timestamp, _ blob: Blob) throws {
        self.at = at
        do {
            packed = try PackedEvidence(bytes: blob.bytes)
        } catch {
            throw StoreError.corrupt("the evidence at \(at.iso8601) cannot be read")
        }
    }
}

extension PackedRun {
    init(_ blob: Blob, of healthCheck: HealthCheckID, at: Timestamp) throws {
        do {
            try self.init(bytes: blob.bytes)
        } catch {
            throw StoreError.corrupt("the run of \(healthCheck) at \(at.iso8601) cannot be read")
        }
    }
}

extension Run {
    /// A run as it was recorded.
    ///
    /// Evidence is kept when a cause is new, so a fault without any is the one that the newest evidence
    /// before it tells of, and takes its message from there. Where that is gone, the cause in words has to
    /// do.
    init(
        of healthCheck: HealthCheckID, at: Timestamp, stored blob: Blob, _ newestEvidence: StoredEvidence?
    ) throws {
        let packed = try PackedRun(blob, of: healthCheck, at: at)
        let own = newestEvidence?.at == at ? newestEvidence?.packed : nil
        let told = newestEvidence?.packed.cause == packed.fault?.cause ? newestEvidence?.packed.message : nil
        self = packed.run(
            of: healthCheck, at: at, message: told ?? packed.fault?.cause.words ?? "",
            facts: own?.facts ?? Facts(), findings: own?.findings ?? [], trace: own?.trace ?? "",
            conditions: own?.conditions ?? [])
    }
}

extension Miss {
    /// A miss as it was recorded.
    init(
        of healthCheck: HealthCheckID, stored from: Timestamp, to: Timestamp, count: Int, reason: MissReason
    ) throws {
        guard from <= to, count > 0 else {
            throw StoreError.corrupt("the miss of \(healthCheck) at \(from.iso8601) cannot be read")
        }
        self.init(of: healthCheck, from: from, to: to, count: count, reason: reason)
    }

    /// A row of `miss`.
    init(of healthCheck: HealthCheckID, _ row: Row) throws {
        try self.init(
            of: healthCheck, stored: row.requiredInstant("from_us"), to: row.requiredInstant("to_us"),
            count: row["count"], reason: row.word("reason"))
    }
}

extension Cause {
    fileprivate var words: String {
        rawValue.split(separator: "_").joined(separator: " ")
    }
}
