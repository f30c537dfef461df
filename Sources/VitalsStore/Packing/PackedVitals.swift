import VitalsCore

/// What one run measured, each value by its name's key.
///
///     version 4 bits (1) · how many; of each: key of the name · value, 64 bits of IEEE 754
struct PackedVitals: Equatable {
    var values: [(name: Int64, value: Double)]

    private static let version: UInt64 = 1

    init(_ values: [(name: Int64, value: Double)]) {
        self.values = values
    }

    var bytes: [UInt8] {
        var writer = BitWriter()
        writer.write(Self.version, bits: 4)
        writer.write(number: UInt64(values.count))
        for (name, value) in values {
            writer.write(number: UInt64(name))
            writer.write(value.bitPattern, bits: 64)
        }
        return writer.bytes
    }

    init(bytes: [UInt8]) throws(UnreadableBytes) {
        var reader = BitReader(bytes)
        guard try reader.read(bits: 4) == Self.version else { throw UnreadableBytes() }
        values = []
        for _ in 0..<(try reader.readNumber()) {
            let name = Int64(try reader.readNumber())
            values.append((name, Double(bitPattern: try reader.read(bits: 64))))
        }
    }

    static func == (left: PackedVitals, right: PackedVitals) -> Bool {
        left.values.elementsEqual(right.values) { $0.name == $1.name && $0.value == $1.value }
    }
}

/// All that one run measured, before it is judged.
///
///     version 4 bits (1) · how many; each as `BitWriter.write(vital:)` has it
struct PackedMeasurement {
    let vitals: [Vital]

    private static let version: UInt64 = 1

    init(_ vitals: [Vital]) {
        self.vitals = vitals
    }

    var bytes: [UInt8] {
        var writer = BitWriter()
        writer.write(Self.version, bits: 4)
        writer.write(number: UInt64(vitals.count))
        for vital in vitals { writer.write(vital: vital) }
        return writer.bytes
    }

    init(bytes: [UInt8]) throws(UnreadableBytes) {
        var reader = BitReader(bytes)
        guard try reader.read(bits: 4) == Self.version else { throw UnreadableBytes() }
        var vitals: [Vital] = []
        for _ in 0..<(try reader.readNumber()) { vitals.append(try reader.readVital()) }
        self.vitals = vitals
    }
}

/// The latest of each vital, in one blob.
///
///     version 4 bits (1) · how many; of each: the vital, as `BitWriter.write(vital:)` has it · tried at
///     µs 64 · whether it was measured 1, and when 64 · whether it has a level 1, and it 2
struct PackedKnownVitals {
    let known: KnownVitals

    private static let version: UInt64 = 1

    init(_ known: KnownVitals) {
        self.known = known
    }

    var bytes: [UInt8] {
        var writer = BitWriter()
        writer.write(Self.version, bits: 4)
        writer.write(number: UInt64(known.entries.count))
        for entry in known.entries {
            writer.write(vital: entry.vital)
            writer.write(instant: entry.triedAt)
            writer.write(entry.measuredAt != nil)
            if let at = entry.measuredAt { writer.write(instant: at) }
            writer.write(state: entry.level)
        }
        return writer.bytes
    }

    init(bytes: [UInt8]) throws(UnreadableBytes) {
        var reader = BitReader(bytes)
        guard try reader.read(bits: 4) == Self.version else { throw UnreadableBytes() }
        var entries: [KnownVitals.Entry] = []
        for _ in 0..<(try reader.readNumber()) {
            let vital = try reader.readVital()
            let triedAt = try reader.readInstant()
            let measuredAt = try reader.readFlag() ? reader.readInstant() : nil
            entries.append(
                KnownVitals.Entry(
                    vital, triedAt: triedAt, measuredAt: measuredAt, level: try reader.readState()))
        }
        known = KnownVitals(entries)
    }
}

extension BitWriter {
    /// Name · unit · whether it has a value 1, and 64 bits of it · whether it has a state 1, and it 2 ·
    /// warn · critical · minimum · maximum · reason · detail, each with whether it is there 1.
    fileprivate mutating func write(vital: Vital) {
        write(vital.name.cut(toBytes: 255))
        write(vital.unit.cut(toBytes: 32))
        write(real: vital.value)
        write(state: vital.state)
        write(text: vital.warn, upTo: 64)
        write(text: vital.critical, upTo: 64)
        write(real: vital.minimum)
        write(real: vital.maximum)
        write(text: vital.reason, upTo: 512)
        write(text: vital.detail, upTo: 512)
    }

    fileprivate mutating func write(real number: Double?) {
        let number = number.flatMap { $0.isNaN ? nil : $0 }
        write(number != nil)
        if let number { write(number.bitPattern, bits: 64) }
    }

    fileprivate mutating func write(text: String?, upTo limit: Int) {
        write(text != nil)
        if let text { write(text.cut(toBytes: limit)) }
    }

    fileprivate mutating func write(state: State?) {
        write(state != nil)
        if let state { write(state.code, bits: 2) }
    }
}

extension BitReader {
    fileprivate mutating func readVital() throws(UnreadableBytes) -> Vital {
        let name = try readText()
        let unit = try readText()
        return Vital(
            restoring: name, try readReal(), unit: unit, state: try readState(),
            warn: try readOptionalText(), critical: try readOptionalText(), minimum: try readReal(),
            maximum: try readReal(), reason: try readOptionalText(), detail: try readOptionalText())
    }

    fileprivate mutating func readReal() throws(UnreadableBytes) -> Double? {
        guard try readFlag() else { return nil }
        let number = Double(bitPattern: try read(bits: 64))
        return number.isNaN ? nil : number
    }

    fileprivate mutating func readOptionalText() throws(UnreadableBytes) -> String? {
        try readFlag() ? try readText() : nil
    }

    fileprivate mutating func readState() throws(UnreadableBytes) -> State? {
        try readFlag() ? try State(code: read(bits: 2)) : nil
    }
}
