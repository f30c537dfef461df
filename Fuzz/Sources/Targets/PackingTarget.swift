import VitalsCore

@testable import VitalsStore

extension FuzzTarget {
    /// Blobs of the store: runs and evidence.
    static let packing = FuzzTarget(name: "packing", feed: PackingTarget.feed)
}

private enum PackingTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        if let run = try? PackedRun(bytes: bytes) { try check(run) }
        if let evidence = try? PackedEvidence(bytes: bytes) { try check(evidence) }
        try checkHeartbeat(bytes)
    }

    private static func check(_ packed: PackedRun) throws(BrokenPromise) {
        let at = Timestamp(microseconds: 1_700_000_000_000_000)
        let run = packed.run(of: HealthCheckID("a.b"), at: at, message: "", facts: Facts(), trace: "")
        // Texts that never were UTF-8 grow when they are read, and are cut: after that nothing changes.
        guard let again = try? PackedRun(bytes: PackedRun(run).bytes) else {
            throw BrokenPromise(description: "what was packed cannot be read")
        }
        try promise(
            again.lateness == packed.lateness && again.latency == packed.latency
                && again.trigger == packed.trigger && again.outcome == packed.outcome
                && again.phases == packed.phases && again.fault?.cause == packed.fault?.cause,
            "\(packed) became \(again)")
        try promise((try? PackedRun(bytes: again.bytes)) == again, "\(again) is not read back")
    }

    private static func checkHeartbeat(_ bytes: [UInt8]) throws(BrokenPromise) {
        let at = Timestamp(microseconds: 1_700_000_000_000_000)
        if let ping = try? PackedPing.read(bytes, of: HealthCheckID("a.b"), at: at) {
            // What is too long is cut, once.
            let cut = try? PackedPing.read(PackedPing(ping).bytes, of: HealthCheckID("a.b"), at: at)
            let again = cut.flatMap {
                try? PackedPing.read(PackedPing($0).bytes, of: HealthCheckID("a.b"), at: at)
            }
            try promise(cut != nil && again == cut, "\(ping) is not read back")
        }
        if let packed = try? PackedHeartbeat(bytes: bytes) {
            let cut = try? PackedHeartbeat(bytes: packed.bytes)
            let again = cut.flatMap { try? PackedHeartbeat(bytes: $0.bytes) }
            try promise(
                cut != nil && again?.heartbeat == cut?.heartbeat, "\(packed.heartbeat) is not read back")
        }
    }

    private static func check(_ read: PackedEvidence) throws(BrokenPromise) {
        let fault = read.cause.map { Fault($0, in: .connect, message: read.message) }
        let result = ProbeResult(
            fault: fault, latency: .zero, facts: read.facts, trace: read.trace, conditions: read.conditions)
        let packed = PackedEvidence(result)
        let bytes = packed.bytes
        try promise(bytes.count <= PackedEvidence.mostBytes, "\(bytes.count) bytes of evidence")
        try promise((try? PackedEvidence(bytes: bytes)) == packed, "\(packed) is not read back")
    }
}
