/// A range of values as the Nagios plugins write it: `[@]start:end`. It alerts outside of it, and with `@`
/// inside; `10` is `0:10`, `10:` has no end, and `~` is minus infinity.
package struct ThresholdRange: Sendable, Equatable {
    /// Nothing: no end on this side.
    package let start: Double?
    package let end: Double?
    package let alertsInside: Bool

    /// - Returns: nothing when it is no such range, or an empty one.
    package init?(_ text: some StringProtocol) {
        var rest = text[...]
        alertsInside = rest.first == "@"
        if alertsInside { rest = rest.dropFirst() }
        let parts = rest.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard !rest.isEmpty, rest != ":" else { return nil }
        if parts.count == 1 {
            guard let end = Number.parse(parts[0]) else { return nil }
            (start, self.end) = (0, end)
        } else {
            guard let start = Self.side(parts[0], infinity: "~", empty: 0),
                let end = Self.side(parts[1], infinity: "", empty: nil)
            else { return nil }
            (self.start, self.end) = (start, end)
        }
        if let start, let end, start > end { return nil }
    }

    /// Whether a value is to be told of.
    package func alerts(at value: Double) -> Bool {
        let isInside = (start.map { value >= $0 } ?? true) && (end.map { value <= $0 } ?? true)
        return isInside == alertsInside
    }

    /// In its shortest form; reads back as the same.
    package var text: String {
        let prefix = alertsInside ? "@" : ""
        let end = end.map(Number.text) ?? ""
        if start == 0, !end.isEmpty { return prefix + end }
        return "\(prefix)\(start.map(Number.text) ?? "~"):\(end)"
    }

    private static func side(_ text: Substring, infinity: String, empty: Double?) -> Double?? {
        if text == infinity { return .some(nil) }
        if text.isEmpty { return .some(empty) }
        return Number.parse(text).map { .some($0) }
    }

    private static func side(
        _ text: some StringProtocol, infinity: String, empty: Double?
    ) -> Double?? {
        side(Substring(text), infinity: infinity, empty: empty)
    }
}

/// Numbers as plugins write them.
package enum Number {
    /// Digits, a point, an exponent; no comma, no hexadecimal digits, nothing that is no number.
    package static func parse(_ text: some StringProtocol) -> Double? {
        guard (1...longest).contains(text.utf8.count),
            text.utf8.contains(where: { (0x30...0x39).contains($0) }),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || letters.contains($0) }),
            let number = Double(text), number.isFinite
        else { return nil }
        return number
    }

    /// Whole numbers without a fraction.
    static func text(_ number: Double) -> String {
        Int64(exactly: number).map(String.init) ?? String(number)
    }

    /// Fit for people: at most two decimals, and none from a hundred on.
    static func short(_ number: Double) -> String {
        let scale: Double = number.magnitude >= 100 ? 1 : 100
        return text((number * scale).rounded() / scale)
    }

    private static let letters = Set("+-.eE".utf8)
    private static let longest = 64
}
