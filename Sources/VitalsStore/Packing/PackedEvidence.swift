import VitalsCore

/// What is kept whole of a run that matters, in one blob of at most 4 KiB.
///
///     version 4 bits (1, or 2 with conditions, or 3 with findings) · has a cause 1 · cause 8
///     message · trace
///     how many facts; of each: name 8 bits · kind 2 (text, number, list) · value
///     from version 2 on: how many conditions; of each as in `ConditionResult+Packing`
///     of version 3: how many findings; of each: cause 8 bits · severity 1 · message
///
/// What does not fit is cut at a character: the message at 1 KiB, the trace at 2 KiB. Conditions are kept
/// where one of them did not hold; of them and of the facts those stay that fit into what is left, in their
/// order: first conditions that did not hold, then findings, then facts, then other conditions.
struct PackedEvidence: Equatable {
    /// Of the fault that the message tells of; nothing for a pass.
    var cause: Cause?
    var message: String
    var trace: String
    var facts: Facts
    var conditions: [ConditionResult]
    var findings: [Finding]

    static let mostBytes = 4_096
    private static let version: UInt64 = 1
    private static let versionWithConditions: UInt64 = 2
    private static let versionWithFindings: UInt64 = 3
    private static let longestMessage = 1_024
    private static let longestTrace = 2_048
    /// Lengths, flags and the last, partly used byte.
    private static let margin = 32

    init(_ result: ProbeResult) {
        cause = result.fault?.cause
        message = (result.fault?.message ?? "").cut(toBytes: Self.longestMessage)
        trace = result.trace.cut(toBytes: Self.longestTrace)
        facts = Facts()
        conditions = []
        findings = []
        var room = Self.mostBytes - Self.margin - message.utf8.count - trace.utf8.count
        let told = result.conditionsToKeep.map(\.cut)
        var fitting = told.map { $0.verdict != .holds && $0.takes(from: &room) }
        findings = result.findings.filter { $0.takes(from: &room) }
        for (name, value) in result.facts.entries {
            guard let fitting = value.cut(to: room) else { continue }
            facts[name] = fitting
            room -= fitting.packedBytes
        }
        for (index, condition) in told.enumerated() where condition.verdict == .holds {
            fitting[index] = condition.takes(from: &room)
        }
        conditions = zip(told, fitting).filter(\.1).map(\.0)
    }
}

extension PackedEvidence {
    var bytes: [UInt8] {
        var writer = BitWriter()
        writer.write(version, bits: 4)
        writer.write(cause != nil)
        writer.write(cause?.code ?? 0, bits: 8)
        writer.write(message)
        writer.write(trace)
        writer.write(number: UInt64(facts.entries.count))
        for (name, value) in facts.entries {
            writer.write(name.code, bits: 8)
            value.write(to: &writer)
        }
        guard version > Self.version else { return writer.bytes }
        writer.write(number: UInt64(conditions.count))
        for condition in conditions { condition.write(to: &writer) }
        guard version > Self.versionWithConditions else { return writer.bytes }
        writer.write(number: UInt64(findings.count))
        for finding in findings { finding.write(to: &writer) }
        return writer.bytes
    }

    private var version: UInt64 {
        guard findings.isEmpty else { return Self.versionWithFindings }
        return conditions.isEmpty ? Self.version : Self.versionWithConditions
    }

    init(bytes: [UInt8]) throws(UnreadableBytes) {
        var reader = BitReader(bytes)
        let version = try reader.read(bits: 4)
        guard (Self.version...Self.versionWithFindings).contains(version) else { throw UnreadableBytes() }
        let hasCause = try reader.readFlag()
        let code = try reader.read(bits: 8)
        cause = hasCause ? try Cause(code: code) : nil
        message = try reader.readText()
        trace = try reader.readText()
        facts = Facts()
        for _ in 0..<(try reader.readNumber()) {
            let name = try FactName(code: reader.read(bits: 8))
            facts[name] = try FactValue(from: &reader)
        }
        conditions = []
        findings = []
        guard version > Self.version else { return }
        for _ in 0..<(try reader.readNumber()) {
            conditions.append(try ConditionResult(from: &reader))
        }
        guard version > Self.versionWithConditions else { return }
        for _ in 0..<(try reader.readNumber()) {
            findings.append(try Finding(from: &reader))
        }
    }
}

extension Finding {
    /// Whether there is room for it, which it then takes.
    fileprivate func takes(from room: inout Int) -> Bool {
        let bytes = message.utf8.count + 6
        guard bytes <= room else { return false }
        room -= bytes
        return true
    }

    fileprivate func write(to writer: inout BitWriter) {
        writer.write(cause.code, bits: 8)
        writer.write(severity.code, bits: 1)
        writer.write(message)
    }

    fileprivate init(from reader: inout BitReader) throws(UnreadableBytes) {
        let cause = try Cause(code: reader.read(bits: 8))
        let severity = try Severity(code: reader.read(bits: 1))
        self.init(cause, severity, try reader.readText())
    }
}

extension FactValue {
    /// At most what it takes when packed, its name included.
    fileprivate var packedBytes: Int {
        switch self {
        case .text(let text): text.utf8.count + 4
        case .number: 10
        case .list(let texts): texts.reduce(6) { $0 + $1.utf8.count + 3 }
        }
    }

    /// As much of it as fits into `room` bytes; nothing if none does.
    fileprivate func cut(to room: Int) -> FactValue? {
        guard packedBytes > room else { return self }
        switch self {
        case .text(let text):
            return room > 4 ? .text(text.cut(toBytes: room - 4)) : nil
        case .number:
            return nil
        case .list(let texts):
            var left = room - 6
            let fitting = texts.prefix { text in
                left -= text.utf8.count + 3
                return left >= 0
            }
            return fitting.isEmpty ? nil : .list(Array(fitting))
        }
    }

    fileprivate func write(to writer: inout BitWriter) {
        switch self {
        case .text(let text):
            writer.write(0, bits: 2)
            writer.write(text)
        case .number(let number):
            writer.write(1, bits: 2)
            writer.write(UInt64(bitPattern: Int64(number)), bits: 64)
        case .list(let texts):
            writer.write(2, bits: 2)
            writer.write(number: UInt64(texts.count))
            for text in texts { writer.write(text) }
        }
    }

    fileprivate init(from reader: inout BitReader) throws(UnreadableBytes) {
        switch try reader.read(bits: 2) {
        case 0:
            self = .text(try reader.readText())
        case 1:
            self = .number(Int(Int64(bitPattern: try reader.read(bits: 64))))
        case 2:
            var texts: [String] = []
            for _ in 0..<(try reader.readNumber()) {
                texts.append(try reader.readText())
            }
            self = .list(texts)
        default:
            throw UnreadableBytes()
        }
    }
}
