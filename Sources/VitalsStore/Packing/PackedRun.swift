import VitalsCore

/// A run without its key, as it stands in one blob: 6 to 21 bytes for a pass.
///
///     version 4 bits (1; 2: the trigger is `heartbeat`, and is left out) · is a scheduled pass made here 1 ·
///     phases 12, one bit each
///     if it is anything else: trigger 2 · outcome 2 · has a fault 1 · made elsewhere 1
///     lateness: startedAt - at, µs, signed
///     a number for each phase present, in their order: µs
///     rest: latency less the sum of the phases, µs, signed
///     if it has a fault: cause 8 bits · phase 4 · whether there is a code 1 · the code
///     if made elsewhere: the location
///
/// Numbers and texts are those of `BitWriter`. Microseconds are kept, what is finer is cut. Message, trace,
/// facts and conditions are evidence and stand elsewhere.
struct PackedRun: Equatable {
    var location: String
    var trigger: Trigger
    var outcome: Outcome
    /// Microseconds.
    var lateness: Int64
    var latency: Int64
    var phases: [PhaseTiming]
    var fault: PackedFault?

    struct PackedFault: Equatable {
        var cause: Cause
        var phase: Phase
        var code: String?
    }

    private static let version: UInt64 = 1
    /// The two bits of a trigger have no room for a fifth.
    private static let versionOfHeartbeat: UInt64 = 2
    private static let longestCode = 64
    private static let longestLocation = 255

    init(_ run: Run) {
        location = run.location
        trigger = run.trigger
        outcome = run.outcome
        lateness = (run.startedAt - run.at).microseconds
        latency = run.result.latency.microseconds
        phases = run.result.phases
        fault = run.result.fault.map { PackedFault(cause: $0.cause, phase: $0.phase, code: $0.code) }
    }

    /// The run again; what only evidence holds is given.
    func run(
        of healthCheck: HealthCheckID, at: Timestamp, message: String, facts: Facts,
        vitals: [Vital] = [], findings: [Finding] = [], trace: String, conditions: [ConditionResult] = []
    ) -> Run {
        let fault = fault.map { Fault($0.cause, in: $0.phase, code: $0.code, message: message) }
        return Run(
            of: healthCheck, location: location, at: at,
            startedAt: Timestamp(microseconds: at.microseconds &+ lateness), trigger: trigger,
            outcome: outcome,
            result: ProbeResult(
                fault: fault, latency: .microseconds(latency), phases: phases, facts: facts, vitals: vitals,
                findings: findings, trace: trace, conditions: conditions))
    }
}

extension PackedRun {
    var bytes: [UInt8] {
        let durations = microsecondsByPhase
        var writer = BitWriter()
        writer.write(trigger == .heartbeat ? Self.versionOfHeartbeat : Self.version, bits: 4)
        writer.write(isPlain)
        for phase in Phase.stored {
            writer.write(durations[phase] != nil)
        }
        if !isPlain {
            if trigger != .heartbeat { writer.write(trigger.code, bits: 2) }
            writer.write(outcome.code, bits: 2)
            writer.write(fault != nil)
            writer.write(location != Run.local)
        }
        writer.write(signed: lateness)
        var rest = latency
        for phase in Phase.stored {
            guard let duration = durations[phase] else { continue }
            writer.write(number: duration)
            rest -= Int64(duration)
        }
        writer.write(signed: rest)
        if let fault {
            writer.write(fault.cause.code, bits: 8)
            writer.write(fault.phase.code, bits: 4)
            writer.write(fault.code != nil)
            if let code = fault.code { writer.write(code.cut(toBytes: Self.longestCode)) }
        }
        if location != Run.local { writer.write(location.cut(toBytes: Self.longestLocation)) }
        return writer.bytes
    }

    init(bytes: [UInt8]) throws(UnreadableBytes) {
        var reader = BitReader(bytes)
        let version = try reader.read(bits: 4)
        let isHeartbeat = version == Self.versionOfHeartbeat
        guard isHeartbeat || version == Self.version else { throw UnreadableBytes() }
        let isPlain = try reader.readFlag()
        var present: [Phase] = []
        for phase in Phase.stored where try reader.readFlag() {
            present.append(phase)
        }
        guard !(isPlain && isHeartbeat) else { throw UnreadableBytes() }
        trigger = isPlain ? .scheduled : isHeartbeat ? .heartbeat : try Trigger(code: reader.read(bits: 2))
        outcome = isPlain ? .pass : try Outcome(code: reader.read(bits: 2))
        let hasFault = isPlain ? false : try reader.readFlag()
        let isElsewhere = isPlain ? false : try reader.readFlag()
        lateness = try reader.readSigned()
        phases = []
        latency = 0
        for phase in present {
            let duration = Int64(try reader.readNumber())
            phases.append(PhaseTiming(phase, .microseconds(duration)))
            latency += duration
        }
        latency += try reader.readSigned()
        fault = hasFault ? try PackedFault(&reader) : nil
        location = isElsewhere ? try reader.readText() : Run.local
    }

    /// Whether it is what almost every run is.
    private var isPlain: Bool {
        trigger == .scheduled && outcome == .pass && fault == nil && location == Run.local
    }

    /// A phase that was gone through twice counts once, with the sum.
    private var microsecondsByPhase: [Phase: UInt64] {
        var durations: [Phase: UInt64] = [:]
        let most = UInt64(1) << UInt64(BitWriter.widest) - 1
        for timing in phases {
            let duration = UInt64(max(0, timing.duration.microseconds))
            durations[timing.phase] = min(most, durations[timing.phase, default: 0] + min(most, duration))
        }
        return durations
    }
}

extension PackedRun.PackedFault {
    fileprivate init(_ reader: inout BitReader) throws(UnreadableBytes) {
        cause = try Cause(code: reader.read(bits: 8))
        phase = try Phase(code: reader.read(bits: 4))
        code = try reader.readFlag() ? reader.readText() : nil
    }
}
