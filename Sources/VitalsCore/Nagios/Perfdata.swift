/// Reads figures as the Nagios plugins print them, parted by blanks:
/// `'label'=value[unit];[warn];[critical];[min];[max]`.
///
/// What cannot be read is counted and left out rather than guessed: `1,5` may be one and a half, or two
/// figures.
package struct Perfdata: Sendable {
    package private(set) var vitals: [Vital] = []
    package private(set) var refused = 0

    /// A plugin that prints more has other readers in mind.
    static let mostVitals = 64
    private static let longestLabel = 128
    private static let longestUnit = 8

    package init() {}

    /// Takes in one line of figures, without a bar before them. Work is in proportion to its length.
    package mutating func read(_ line: Substring) {
        var rest = line.utf8[...]
        while true {
            rest = rest.drop(while: Self.isBlank)
            guard !rest.isEmpty else { return }
            guard let label = Self.label(&rest) else {
                refused += 1
                rest = rest.drop { !Self.isBlank($0) }
                continue
            }
            let figure = rest.prefix { !Self.isBlank($0) }
            rest = rest[figure.endIndex...]
            add(label, Substring(figure))
        }
    }

    private mutating func add(_ label: String, _ figure: Substring) {
        let fields = figure.split(separator: ";", omittingEmptySubsequences: false)
        guard vitals.count < Self.mostVitals, let vital = Self.vital(label, fields),
            !vitals.contains(where: { $0.name == label })
        else {
            refused += 1
            return
        }
        vitals.append(vital)
    }

    private static func vital(_ label: String, _ fields: [Substring]) -> Vital? {
        func field(_ index: Int) -> Substring { index < fields.count ? fields[index] : "" }
        guard let (value, unit) = measured(field(0)) else { return nil }
        return Vital(
            label, value, unit: unit, warn: ThresholdRange(field(1)), critical: ThresholdRange(field(2)),
            minimum: Number.parse(field(3)), maximum: Number.parse(field(4)),
            reason: value == nil ? "the plugin could not measure it" : nil)
    }

    /// `U` stands for what could not be measured.
    private static func measured(_ text: Substring) -> (value: Double?, unit: String)? {
        if text == "U" { return (nil, "") }
        var digits = text.prefix { $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) }
        // The unit may begin with what could be an exponent.
        while let last = digits.last, !last.isNumber, last != "." { digits.removeLast() }
        let unit = text[digits.endIndex...]
        guard let value = Number.parse(digits), unit.utf8.count <= longestUnit,
            unit.allSatisfy({ $0.isLetter || $0 == "%" || $0 == "/" || $0 == "°" })
        else { return nil }
        return (value, String(unit))
    }

    /// What stands before the `=`, which is taken as well: in quotes, where two of them are one, or without
    /// blanks.
    private static func label(_ rest: inout Substring.UTF8View.SubSequence) -> String? {
        let quote = UInt8(ascii: "'")
        var label: [UInt8] = []
        var position = rest.startIndex
        if rest.first == quote {
            rest.formIndex(after: &position)
            while true {
                guard position < rest.endIndex else { return nil }
                let byte = rest[position]
                rest.formIndex(after: &position)
                if byte == quote {
                    guard position < rest.endIndex, rest[position] == quote else { break }
                    rest.formIndex(after: &position)
                }
                label.append(byte)
            }
        } else {
            while position < rest.endIndex, rest[position] != UInt8(ascii: "="), !isBlank(rest[position]) {
                label.append(rest[position])
                rest.formIndex(after: &position)
            }
        }
        guard position < rest.endIndex, rest[position] == UInt8(ascii: "="),
            (1...longestLabel).contains(label.count)
        else { return nil }
        rest = rest[rest.index(after: position)...]
        return String(decoding: label, as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
