import VitalsCore

/// Durations as people write them: `500ms`, `15s`, `1m`, `2h`; where days make sense also `7d`.
enum DurationText {
    /// From the smallest to the largest; in milliseconds.
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]
    /// So that no unit makes it overflow.
    private static let maximumDigits = 9

    /// - Parameters:
    ///   - range: a duration outside is refused.
    ///   - allowsDays: whether `d` is a unit here.
    ///   - allowsBareZero: whether `0` alone is understood.
    static func parse(
        _ given: Given, in range: ClosedRange<Duration>, allowsDays: Bool = false,
        allowsBareZero: Bool = false
    ) throws(Complaint) -> Duration {
        let digits = given.text.utf8.prefix(while: ASCII.isDigit)
        let suffix = String(given.text.utf8.dropFirst(digits.count)) ?? ""
        let number = digits.count <= maximumDigits ? Int64(String(digits) ?? "") : nil
        let known = units.prefix(allowsDays ? units.count : units.count - 1)
        guard let number, digits.count > 0 else {
            throw notADuration(given, allowsDays: allowsDays)
        }
        if suffix.isEmpty {
            if number == 0, allowsBareZero, range.contains(.zero) { return .zero }
            throw withoutUnit(given, number: number, units: known.map(\.name))
        }
        guard let unit = known.first(where: { $0.name == suffix }) else {
            throw notADuration(given, allowsDays: allowsDays)
        }
        let duration = Duration.milliseconds(number * unit.milliseconds)
        guard duration >= range.lowerBound else {
            throw Complaint("\(given.quoted) is too short; at least \(shown(range.lowerBound))")
        }
        guard duration <= range.upperBound else {
            throw Complaint("\(given.quoted) is too long; at most \(shown(range.upperBound))")
        }
        return duration
    }

    /// In the largest unit that leaves no fraction, but seconds up to two minutes: `60s`, `5m`, `168h`.
    static func shown(_ duration: Duration) -> String {
        let milliseconds = duration.microseconds / 1_000
        let fitting = units.dropLast().last { unit in
            milliseconds % unit.milliseconds == 0 && (unit.name != "m" || milliseconds > 120_000)
        }
        guard let fitting, milliseconds > 0 else { return "\(milliseconds)ms" }
        return "\(milliseconds / fitting.milliseconds)\(fitting.name)"
    }

    private static func withoutUnit(_ given: Given, number: Int64, units: [String]) -> Complaint {
        let known = units.joined(separator: ", ")
        // A value put in from the environment is not repeated.
        let example =
            given.isVerbatim && number > 0 ? "write \(number)\(units.contains("d") ? "d" : "s")" : "write one"
        return Complaint("\(given.quoted) has no unit; \(example) (units: \(known))")
    }

    private static func notADuration(_ given: Given, allowsDays: Bool) -> Complaint {
        let example = allowsDays ? "12h or 7d" : "500ms, 15s, 1m or 2h"
        return Complaint(
            "\(given.quoted) is not a duration; write a whole number and a unit, as in \(example)")
    }
}
