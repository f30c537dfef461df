extension Duration {
    /// Reads a duration as Go and Gatus write it: `48h`, `1h30m`, `1.5s`, `500ms`, `-2m`; also days, `14d`.
    /// Exact to the attosecond; nothing for anything else.
    package init?(written text: String) {
        var rest = Array(text.utf8.prefix(64))[...]
        guard rest.count == text.utf8.count else { return nil }
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest.removeFirst() }
        guard !rest.isEmpty else { return nil }
        var total: Int128 = 0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isDigit || $0 == UInt8(ascii: ".") }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !$0.isDigit && $0 != UInt8(ascii: ".") }
            rest = rest.dropFirst(unit.count)
            guard let scale = Self.attoseconds[String(decoding: unit, as: UTF8.self)],
                let part = Self.attoseconds(number, times: scale)
            else { return nil }
            total += part
        }
        // Four parts of twelve digits fit into 64 bytes: even in days that is what a duration can hold.
        if isNegative { total = -total }
        self.init(
            secondsComponent: Int64(total / Self.second), attosecondsComponent: Int64(total % Self.second))
    }

    private static let second: Int128 = 1_000_000_000_000_000_000
    private static let attoseconds: [String: Int128] = [
        "ns": second / 1_000_000_000, "us": second / 1_000_000, "µs": second / 1_000_000,
        "\u{3BC}s": second / 1_000_000, "ms": second / 1_000, "s": second, "m": 60 * second,
        "h": 3_600 * second, "d": 86_400 * second,
    ]

    /// At most twelve digits before the point and nine after it.
    private static func attoseconds(_ number: ArraySlice<UInt8>, times scale: Int128) -> Int128? {
        let parts = number.split(
            separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, (1...12).contains(whole.count), whole.allSatisfy(\.isDigit) else {
            return nil
        }
        var total = whole.reduce(Int128(0)) { $0 * 10 + Int128($1 - UInt8(ascii: "0")) } * scale
        guard parts.count == 2 else { return total }
        guard (1...9).contains(parts[1].count), parts[1].allSatisfy(\.isDigit) else { return nil }
        var place = scale
        for digit in parts[1] {
            place /= 10
            total += Int128(digit - UInt8(ascii: "0")) * place
        }
        return total
    }

    /// As people read it: `412.5ms`, `12.3s`, `49h30m`.
    package var written: String {
        let (seconds, attoseconds) = components
        if seconds < 0 || attoseconds < 0 { return "-" + (.zero - self).written }
        guard seconds >= 60 else {
            let isShort = seconds == 0
            let microseconds = Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
            let scale = isShort ? 1_000 : 1_000_000
            return Self.decimal(microseconds, over: scale) + (isShort ? "ms" : "s")
        }
        let parts = [(seconds / 3_600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")]
        return parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined()
    }

    private static func decimal(_ value: Int, over scale: Int) -> String {
        guard value % scale != 0 else { return String(value / scale) }
        var fraction = String(scale + value % scale).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return "\(value / scale).\(fraction)"
    }
}
