import VitalsCore

/// The figures of one run as monitoring systems read them from Nagios plugins.
struct CheckFigures {
    private let result: ProbeResult

    init(_ result: ProbeResult) {
        self.result = result
    }

    /// `label=value[unit];warning;critical;minimum`, parted by blanks; no label is given twice.
    var text: String {
        var figures = [("latency", "\(Self.exact(result.latency))ms;;;0")]
        figures += result.phases.map { ($0.phase.rawValue, "\(Self.exact($0.duration))ms;;;0") }
        figures += facts
        // What a plugin measured is called what the plugin calls it, unless that is taken.
        for vital in result.vitals {
            var label = CheckReport.plain(vital.name)
            while figures.contains(where: { $0.0 == label }) { label += "_" }
            figures.append((label, Self.figure(vital)))
        }
        return figures.map { "\(Self.quoted($0))=\($1)" }.joined(separator: " ")
    }

    private var facts: [(String, String)] {
        let shown: [(FactName, String, String)] = [
            (.certificateDaysLeft, "certificate_days_left", ";;;"), (.roundTripMinimum, "rtt_min", "us;;;0"),
            (.roundTripAverage, "rtt_avg", "us;;;0"), (.roundTripMaximum, "rtt_max", "us;;;0"),
            (.lossPercent, "loss", "%;;;0;100"),
        ]
        return shown.compactMap { fact, label, rest in
            guard case .number(let number) = result.facts[fact] else { return nil }
            return (label, "\(number)\(rest)")
        }
    }

    /// `U` is what could not be measured.
    private static func figure(_ vital: Vital) -> String {
        let value = vital.value.map { "\(number($0))\(vital.unit)" } ?? "U"
        let limits = [
            vital.warn ?? "", vital.critical ?? "", vital.minimum.map(number) ?? "",
            vital.maximum.map(number) ?? "",
        ]
        return CheckReport.plain(([value] + limits).joined(separator: ";"))
    }

    /// To the millionth, and without an exponent, which not everybody reads.
    static func number(_ value: Double) -> String {
        let millionths = (value * 1_000_000).rounded()
        guard millionths.magnitude < 1e15 else { return JSON.number(value).text }
        let (whole, rest) = Int64(millionths.magnitude).quotientAndRemainder(dividingBy: 1_000_000)
        var text = "\(millionths < 0 ? "-" : "")\(whole).\(String(1_000_000 + rest).dropFirst())"
        while text.last == "0" { text.removeLast() }
        return text.last == "." ? String(text.dropLast()) : text
    }

    private static func quoted(_ label: String) -> String {
        guard label.contains(where: { " '=".contains($0) }) else { return label }
        return "'\(label.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
    }

    /// Milliseconds to the microsecond: `12.3`.
    static func exact(_ duration: Duration) -> String {
        let microseconds = max(0, duration.microseconds)
        let fraction = String(1_000 + microseconds % 1_000).dropFirst()
        var text = "\(microseconds / 1_000).\(fraction)"
        while text.last == "0" { text.removeLast() }
        return text.last == "." ? String(text.dropLast()) : text
    }
}
