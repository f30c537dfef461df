import VitalsCore

/// Writes metrics straight into bytes, in one of the two forms: family by family, each one's samples after
/// it.
package struct MetricWriter {
    private let format: MetricFormat
    private var bytes: [UInt8] = []
    private var family = MetricFamily("", .gauge, "")
    /// Of the family's samples.
    private var name: [UInt8] = []

    package init(_ format: MetricFormat) {
        self.format = format
    }

    /// What follows are samples of this one.
    package mutating func begin(_ family: MetricFamily) {
        self.family = family
        name = Array(family.sampleName.utf8)
        let described =
            switch format {
            case .text: family.sampleName
            case .openMetrics: family.name
            }
        bytes += "# HELP \(described) ".utf8
        Self.escape(family.help, quotes: format == .openMetrics, into: &bytes)
        bytes += "\n# TYPE \(described) \(typeName)\n".utf8
        if format == .openMetrics, !family.unit.isEmpty {
            bytes += "# UNIT \(described) \(family.unit)\n".utf8
        }
    }

    /// One sample.
    ///
    /// - Parameter label: one more, whose value needs no escaping.
    package mutating func add(
        _ labels: MetricLabels = MetricLabels(), _ label: (name: String, value: String)? = nil,
        _ value: MetricValue
    ) {
        bytes += name
        write(labels, label)
        bytes.append(UInt8(ascii: " "))
        write(value)
        bytes.append(UInt8(ascii: "\n"))
    }

    /// The buckets, the count and the sum.
    package mutating func add(_ labels: MetricLabels = MetricLabels(), _ histogram: Histogram) {
        let base = name
        var count = 0
        name = base + Array("_bucket".utf8)
        for (index, bound) in histogram.bounds.enumerated() {
            count += histogram.counts[index]
            var text: [UInt8] = []
            Self.write(bound.microseconds, asFraction: true, into: &text)
            add(labels, ("le", String(decoding: text, as: UTF8.self)), MetricValue(count))
        }
        count += histogram.counts[histogram.bounds.count]
        add(labels, ("le", "+Inf"), MetricValue(count))
        name = base + Array("_sum".utf8)
        add(labels, nil, MetricValue(histogram.sum))
        name = base + Array("_count".utf8)
        add(labels, nil, MetricValue(count))
        name = base
    }

    /// All that was written, whole.
    package consuming func finish() -> [UInt8] {
        if format == .openMetrics { bytes += "# EOF\n".utf8 }
        return bytes
    }

    private var typeName: String {
        switch family.kind {
        case .gauge: "gauge"
        case .counter: "counter"
        case .histogram: "histogram"
        case .info: format == .openMetrics ? "info" : "gauge"
        }
    }

    private mutating func write(_ labels: MetricLabels, _ label: (name: String, value: String)?) {
        guard !labels.bytes.isEmpty || label != nil else { return }
        bytes.append(UInt8(ascii: "{"))
        bytes += labels.bytes
        if let label {
            if !labels.bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
            bytes += label.name.utf8
            bytes += "=\"".utf8
            bytes += label.value.utf8
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func write(_ value: MetricValue) {
        switch value {
        case .whole(let number): Self.write(number, into: &bytes)
        case .microseconds(let number): Self.write(number, asFraction: false, into: &bytes)
        case .real(let number):
            if let whole = Int64(exactly: number) {
                Self.write(whole, into: &bytes)
            } else {
                bytes += "\(number)".utf8
            }
        }
    }

    private static func write(_ number: Int64, into bytes: inout [UInt8]) {
        guard number >= 10 || number < 0 else {
            bytes.append(UInt8(ascii: "0") + UInt8(number))
            return
        }
        bytes += String(number).utf8
    }

    /// Millionths as a decimal number.
    ///
    /// - Parameter asFraction: whether a whole number has a point all the same.
    private static func write(_ millionths: Int64, asFraction: Bool, into bytes: inout [UInt8]) {
        if millionths < 0 { bytes.append(UInt8(ascii: "-")) }
        let (whole, rest) = millionths.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        bytes += String(whole).utf8
        guard rest > 0 else {
            if asFraction { bytes += ".0".utf8 }
            return
        }
        bytes.append(UInt8(ascii: "."))
        var left = rest
        var place: UInt64 = 100_000
        while left > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(left / place))
            left %= place
            place /= 10
        }
    }

    /// Backslashes and line ends, and quotes where these end the text.
    static func escape(_ text: String, quotes: Bool, into bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes += "\\\\".utf8
            case UInt8(ascii: "\n"): bytes += "\\n".utf8
            case UInt8(ascii: "\"") where quotes: bytes += "\\\"".utf8
            default: bytes.append(byte)
            }
        }
    }
}
