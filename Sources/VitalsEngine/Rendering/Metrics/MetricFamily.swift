package import VitalsCore

/// What a metric is, whatever its samples: its `# HELP`, `# TYPE` and `# UNIT`.
package struct MetricFamily: Sendable, Equatable {
    package enum Kind: Sendable {
        case gauge, counter, histogram
        /// Says something by its labels; its value is 1.
        case info
    }

    /// Without `_total` or `_info`, which the samples have; ends with the unit, if there is one.
    package let name: String
    package let kind: Kind
    /// A base unit: `seconds`, `bytes`; empty when there is none.
    package let unit: String
    package let help: String

    package init(_ name: String, _ kind: Kind, unit: String = "", _ help: String) {
        precondition(unit.isEmpty || name.hasSuffix("_\(unit)"))
        self.name = name
        self.kind = kind
        self.unit = unit
        self.help = help
    }

    /// Of a sample that is no part of a histogram.
    var sampleName: String {
        switch kind {
        case .gauge, .histogram: name
        case .counter: name + "_total"
        case .info: name + "_info"
        }
    }
}

/// The labels that several samples share, escaped once.
package struct MetricLabels: Sendable, Equatable {
    /// `a="b",c="d"`, as it is written.
    let bytes: [UInt8]

    /// - Parameter pairs: names as they are; values are escaped.
    package init(_ pairs: (name: String, value: String)...) { self.init(pairs) }

    /// These and more of them, likewise.
    func with(_ pairs: (name: String, value: String)...) -> MetricLabels {
        let more = MetricLabels(pairs)
        return MetricLabels(bytes: bytes.isEmpty ? more.bytes : bytes + [UInt8(ascii: ",")] + more.bytes)
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private init(_ pairs: [(name: String, value: String)]) {
        var bytes: [UInt8] = []
        for (name, value) in pairs {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
            bytes += name.utf8
            bytes += "=\"".utf8
            MetricWriter.escape(value, quotes: true, into: &bytes)
            bytes.append(UInt8(ascii: "\""))
        }
        self.bytes = bytes
    }
}

/// What a sample says: exact, without a way through floating point.
package enum MetricValue: Sendable, Equatable {
    case whole(Int64)
    /// Written in seconds.
    case microseconds(Int64)
    /// As it was measured; finite.
    case real(Double)

    package init(_ count: Int) { self = .whole(Int64(count)) }

    package init(_ holds: Bool) { self = .whole(holds ? 1 : 0) }

    package init(_ duration: Duration) { self = .microseconds(duration.microseconds) }

    /// In milliseconds, with their fractions.
    package init(milliseconds duration: Duration) {
        let (millionths, overflow) = duration.microseconds.multipliedReportingOverflow(by: 1_000)
        self = .microseconds(overflow ? .max : millionths)
    }

    /// Since the Unix epoch.
    package init(_ instant: Timestamp) { self = .microseconds(instant.microseconds) }
}
