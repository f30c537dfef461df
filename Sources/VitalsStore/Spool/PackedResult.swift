import VitalsCore
import VitalsEngine

/// A held result as it stands in the spool.
///
///     length of the rest in bytes 32 bits · its checksum 32
///     is a miss 1 · is evaluated 1 · has evidence 1 · number of the health check · ticket
///     of a run: at µs 64 · bytes of the packed run · bytes of its vitals · to the next whole byte; the
///     packed run · the vitals · the evidence
///     of a miss: from µs 64 · to µs 64 · count · reason 8
///
/// Health checks have numbers that only the process knows which writes: it reads them back itself.
struct PackedResult {
    /// Length and checksum.
    static let headerBytes = 8
    /// Evidence is cut to 4 KiB, and each of at most 64 vitals to less than 2.
    static let mostBytes = 131_072

    static func append(_ result: HeldResult, numbered number: Int, to bytes: inout [UInt8]) {
        let body =
            switch result {
            case .run(let run, let ticket, let isEvaluated):
                body(run, ticket: ticket, isEvaluated: isEvaluated, number)
            case .miss(let miss): body(miss, number)
            }
        append(body, to: &bytes)
    }

    /// Puts length and checksum before it.
    static func append(_ body: [UInt8], to bytes: inout [UInt8]) {
        for word in [UInt32(body.count), checksum(body[...])] {
            withUnsafeBytes(of: word.bigEndian) { bytes += $0 }
        }
        bytes += body
    }

    /// Reads one.
    ///
    /// - Parameters:
    ///   - bytes: begin with it.
    ///   - healthChecks: by their numbers.
    /// - Returns: nothing when not all of it is in `bytes`.
    static func read(
        _ bytes: ArraySlice<UInt8>, _ healthChecks: [HealthCheckID]
    ) throws(UnreadableBytes) -> (result: HeldResult, count: Int)? {
        guard bytes.count >= headerBytes else { return nil }
        let length = Int(word(bytes.prefix(4)))
        guard length > 0, length <= mostBytes else { throw UnreadableBytes() }
        let body = bytes.dropFirst(headerBytes).prefix(length)
        guard body.count == length else { return nil }
        guard checksum(body) == word(bytes.dropFirst(4).prefix(4)) else { throw UnreadableBytes() }
        return (try result(Array(body), healthChecks), headerBytes + length)
    }

    private static func word(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        UInt32(truncatingIfNeeded: StableHash.mix(StableHash.fnv1a(bytes)))
    }

    private static func body(_ run: Run, ticket: Int, isEvaluated: Bool, _ number: Int) -> [UInt8] {
        let packed = PackedRun(run).bytes
        let vitals = run.result.vitals.isEmpty ? [] : PackedMeasurement(run.result.vitals).bytes
        let hasEvidence =
            run.result.fault != nil || !run.result.facts.entries.isEmpty
            || !run.result.conditionsToKeep.isEmpty || !run.result.findings.isEmpty
        var writer = BitWriter()
        writer.write(false)
        writer.write(isEvaluated)
        writer.write(hasEvidence)
        writer.write(number: UInt64(number))
        writer.write(number: UInt64(ticket))
        writer.write(UInt64(bitPattern: run.at.microseconds), bits: 64)
        writer.write(number: UInt64(packed.count))
        writer.write(number: UInt64(vitals.count))
        return writer.bytes + packed + vitals + (hasEvidence ? PackedEvidence(run.result).bytes : [])
    }

    private static func body(_ miss: Miss, _ number: Int) -> [UInt8] {
        var writer = BitWriter()
        writer.write(true)
        writer.write(false)
        writer.write(false)
        writer.write(number: UInt64(number))
        writer.write(number: 0)
        writer.write(UInt64(bitPattern: miss.from.microseconds), bits: 64)
        writer.write(UInt64(bitPattern: miss.to.microseconds), bits: 64)
        writer.write(number: UInt64(miss.count))
        writer.write(miss.reason.code, bits: 8)
        return writer.bytes
    }

    private static func result(
        _ body: [UInt8], _ healthChecks: [HealthCheckID]
    ) throws(UnreadableBytes) -> HeldResult {
        var reader = BitReader(body)
        let isMiss = try reader.readFlag()
        let isEvaluated = try reader.readFlag()
        let hasEvidence = try reader.readFlag()
        let number = try reader.readNumber()
        guard number < UInt64(healthChecks.count) else { throw UnreadableBytes() }
        let id = healthChecks[Int(number)]
        let ticket = Int(try reader.readNumber())
        let at = try time(&reader)
        guard isMiss else {
            let lengths = (Int(try reader.readNumber()), Int(try reader.readNumber()))
            let run = try run(
                of: id, at: at, Array(body.dropFirst(reader.bytesRead)), lengths, hasEvidence: hasEvidence)
            return .run(run, ticket: ticket, isEvaluated: isEvaluated)
        }
        let to = try time(&reader)
        let count = Int(try reader.readNumber())
        let reason = try MissReason(code: reader.read(bits: 8))
        guard at <= to, count > 0 else { throw UnreadableBytes() }
        return .miss(Miss(of: id, from: at, to: to, count: count, reason: reason))
    }

    private static func run(
        of id: HealthCheckID, at: Timestamp, _ bytes: [UInt8], _ lengths: (run: Int, vitals: Int),
        hasEvidence: Bool
    ) throws(UnreadableBytes) -> Run {
        let rest = bytes.dropFirst(lengths.run)
        let packed = try PackedRun(bytes: Array(bytes.prefix(lengths.run)))
        let measured = rest.prefix(lengths.vitals)
        let vitals = measured.isEmpty ? [] : try PackedMeasurement(bytes: Array(measured)).vitals
        let evidence = hasEvidence ? try PackedEvidence(bytes: Array(rest.dropFirst(lengths.vitals))) : nil
        return packed.run(
            of: id, at: at, message: evidence?.message ?? "", facts: evidence?.facts ?? Facts(),
            vitals: vitals, findings: evidence?.findings ?? [],
            trace: evidence?.trace ?? "", conditions: evidence?.conditions ?? [])
    }

    /// One with which can be reckoned.
    private static func time(_ reader: inout BitReader) throws(UnreadableBytes) -> Timestamp {
        let microseconds = Int64(bitPattern: try reader.read(bits: 64))
        guard microseconds.magnitude < 1 << 60 else { throw UnreadableBytes() }
        return Timestamp(microseconds: microseconds)
    }
}

extension MissReason: StoredCode {
    static let stored: [MissReason] = [
        .late, .inFlight, .targetLimit, .backoff, .notRunning, .clockJump, .store,
    ]
}
