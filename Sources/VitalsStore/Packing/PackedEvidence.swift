import VitalsCore

/// What is kept whole of a run that matters, in one blob of at most 4 KiB.
///
///     version 4 bits (1, or 2 with conditions) · has a cause 1 · cause 8
///     message · trace
///     how many facts; of each: name 8 bits · kind 2 (text, number, list) · value
///     of version 2: how many conditions; of each as in `ConditionResult+Packing`
///
/// What does not fit is cut at a character: the message at 1 KiB, the trace at 2 KiB. Conditions are kept
/// where one of them did not hold; of them and of the facts those stay that fit into what is left, in their
/// order: first conditions that did not hold, then facts, then other conditions.
struct PackedEvidence: Equatable {
    /// Of the fault that the message tells of; nothing for a pass.
    var cause: Cause?
    var message: String
    var trace: String
    var facts: Facts
    var conditions: [ConditionResult]

    static let mostBytes = 4_096
    private static let version: UInt64 = 1
    private static let versionWithConditions: UInt64 = 2
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
        var room = Self.mostBytes - Self.margin - message.utf8.count - trace.utf8.count
        let told = result.conditionsToKeep.map(\.cut)
        var fitting = told.map { $0.verdict != .holds && $0.takes(from: &room) }
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
        writer.write(conditions.isEmpty ? Self.version : Self.versionWithConditions, bits: 4)
        writer.write(cause != nil)
        writer.write(cause?.code ?? 0, bits: 8)
        writer.write(message)
        writer.write(trace)
        writer.write(number: UInt64(facts.entries.count))
        for (name, value) in facts.entries {
            writer.write(name.code, bits: 8)
            value.write(to: &writer)
        }
        if !conditions.isEmpty {
            writer.write(number: UInt64(conditions.count))
            for condition in conditions { condition.write(to: &writer) }
        }
        return writer.bytes
    }

    init(bytes: [UInt8]) throws(UnreadableBytes) {
        var reader = BitReader(bytes)
        let version = try reader.read(bits: 4)
        guard version == Self.version || version == Self.versionWithConditions else {
            throw UnreadableBytes()
        }
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
        guard version == Self.versionWithConditions else { return }
        for _ in 0..<(try reader.readNumber()) {
            conditions.append(try ConditionResult(from: &reader))
        }
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
