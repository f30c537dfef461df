/// A decimal number as it was written, of any length within bounds. Nothing is ever rounded: 0.1 is 0.1, and
/// integers beyond 2^53 differ when they differ.
package struct ExactNumber: Sendable, Equatable {
    /// The value is `coefficient × 10^exponent`, with no zero at the coefficient's end; zero is 0 × 10^0. So
    /// equal numbers are equal in their parts.
    private let coefficient: Coefficient
    private let exponent: Int

    private enum Coefficient: Sendable, Equatable {
        case small(Int128)
        /// Beyond 37 digits: those, without zeros before them.
        case large([UInt8], isNegative: Bool)
    }

    /// Digits of a number that is read; a longer one is none.
    package static let mostDigits = 4_096
    /// Of what a number is written with; beyond it nothing is a measure of anything.
    package static let largestExponent = 1_000_000
    private static let smallDigits = 37

    package init(_ integer: Int) {
        self.init(Int128(integer), exponent: 0)
    }

    /// How many milliseconds a duration is.
    package init(milliseconds duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(Int128(seconds) * 1_000_000_000_000_000_000 + Int128(attoseconds), exponent: -15)
    }

    init(_ value: Int128, exponent: Int) {
        var value = value
        var exponent = exponent
        while value != 0, value % 10 == 0 {
            value /= 10
            exponent += 1
        }
        self.init(.small(value), value == 0 ? 0 : exponent)
    }

    /// Reads `[-]digits[.digits][e[±]digits]`; nothing for anything else, and for what is beyond the bounds.
    package init?(_ text: some StringProtocol) {
        var rest = Array(text.utf8.prefix(Self.mostDigits + 64))[...]
        guard rest.count == text.utf8.count else { return nil }
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest.removeFirst() }
        let whole = rest.prefix { $0.isDigit }
        rest = rest.dropFirst(whole.count)
        var digits = Array(whole)
        guard !whole.isEmpty else { return nil }
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix { $0.isDigit }
            guard !fraction.isEmpty else { return nil }
            digits += fraction
            rest = rest.dropFirst(fraction.count + 1)
        }
        var exponent = whole.count - digits.count
        if let mark = rest.first, mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") {
            guard let written = Int(String(decoding: rest.dropFirst(), as: UTF8.self)),
                written.magnitude <= Self.largestExponent
            else { return nil }
            exponent += written
            rest = []
        }
        guard rest.isEmpty, digits.count <= Self.mostDigits else { return nil }
        self.init(digits: digits, exponent: exponent, isNegative: isNegative)
    }

    /// Of ASCII digits.
    private init(digits: [UInt8], exponent: Int, isNegative: Bool) {
        var digits = digits.drop { $0 == UInt8(ascii: "0") }
        var exponent = exponent
        while digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            exponent += 1
        }
        guard digits.count > Self.smallDigits else {
            let value = digits.reduce(Int128(0)) { $0 * 10 + Int128($1 - UInt8(ascii: "0")) }
            self.init(isNegative ? -value : value, exponent: exponent)
            return
        }
        self.init(.large(Array(digits), isNegative: isNegative), exponent)
    }

    private init(_ coefficient: Coefficient, _ exponent: Int) {
        self.coefficient = coefficient
        self.exponent = exponent
    }
}

extension ExactNumber: Comparable {
    package static func < (left: ExactNumber, right: ExactNumber) -> Bool {
        if case .small(let one) = left.coefficient, case .small(let other) = right.coefficient {
            if left.exponent == right.exponent { return one < other }
            if one.signum() != other.signum() { return one < other }
        } else if left.sign != right.sign {
            return left.sign < right.sign
        }
        return left.sign < 0
            ? isNearerToZero(right, than: left) : isNearerToZero(left, than: right)
    }

    private var sign: Int {
        switch coefficient {
        case .small(let value): Int(value.signum())
        case .large(_, let isNegative): isNegative ? -1 : 1
        }
    }

    /// By their first digits' places, then by their digits.
    private static func isNearerToZero(_ left: ExactNumber, than right: ExactNumber) -> Bool {
        let one = left.digits
        let other = right.digits
        let place = one.count + left.exponent
        let otherPlace = other.count + right.exponent
        return place == otherPlace ? one.lexicographicallyPrecedes(other) : place < otherPlace
    }

    private var digits: [UInt8] {
        switch coefficient {
        case .small(let value): Array(String(value.magnitude).utf8)
        case .large(let digits, _): digits
        }
    }
}

extension ExactNumber {
    /// A whole number as people write one: `200`, `-5`, `0x1F4`, `0o755`, `0b11`; without zeros before it.
    package init?(integer text: String) {
        let isNegative = text.hasPrefix("-")
        let digits = isNegative ? text.dropFirst() : text[...]
        let radix: Int? =
            switch digits.prefix(2).lowercased() {
            case "0x": 16
            case "0o": 8
            case "0b": 2
            default: nil
            }
        guard let radix else {
            let isPlain = digits.utf8.allSatisfy(\.isDigit) && (digits == "0" || digits.first != "0")
            guard isPlain, !digits.isEmpty else { return nil }
            self.init(text)
            return
        }
        guard digits.count > 2, digits.dropFirst(2).first != "+", digits.dropFirst(2).first != "-",
            let value = Int64(digits.dropFirst(2), radix: radix)
        else { return nil }
        self.init(isNegative ? -Int128(value) : Int128(value), exponent: 0)
    }
}

extension UInt8 {
    /// Whether it is an ASCII digit.
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
}
