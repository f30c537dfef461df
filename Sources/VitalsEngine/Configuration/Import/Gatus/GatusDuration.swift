import VitalsCore

/// Durations as Go writes them: `1m30s`, `0.5h`, `300ms`.
enum GatusDuration {
    /// In microseconds; those below have no use here.
    private static let units: [(name: String, microseconds: Double)] = [
        ("ns", 0.001), ("us", 1), ("µs", 1), ("ms", 1_000), ("s", 1_000_000), ("m", 60_000_000),
        ("h", 3_600_000_000),
    ]
    /// So that nothing overflows: some 300 years.
    private static let longest = 1e16

    /// Nothing: it is none, or a negative one.
    static func parse(_ text: String) -> Duration? {
        var rest = text[...]
        if rest == "0" { return .zero }
        guard !rest.isEmpty, text.utf8.count <= 64 else { return nil }
        var microseconds = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { !($0.isASCII && $0.isNumber) && $0 != "." }
            rest = rest.dropFirst(name.count)
            guard let number = Double(digits), let unit = units.first(where: { $0.name == name }) else {
                return nil
            }
            microseconds += number * unit.microseconds
        }
        guard microseconds < longest else { return nil }
        return .microseconds(Int64(microseconds.rounded()))
    }
}
