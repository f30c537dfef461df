/// A JSON value whose members keep their order and may be null: what the API, the stream, webhooks and the
/// command line print, and what a target answered. (Foundation's encoder orders members by chance and leaves
/// out what is nil, and its decoder rounds numbers.)
package enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    /// A number of any length as it was read: digits, fraction and exponent, in the grammar of JSON.
    case decimal(String)
    case string(String)
    case array([JSON])
    case object([Member])

    package struct Member: Sendable, Equatable {
        package let name: String
        package let value: JSON

        package init(name: String, value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// Compact JSON text (RFC 8259); a number that JSON cannot write is null.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The same as UTF-8.
    package var bytes: [UInt8] {
        var output: [UInt8] = []
        write(to: &output)
        return output
    }

    private func write(to output: inout [UInt8]) {
        switch self {
        case .null: output += "null".utf8
        case .bool(let value): output += (value ? "true" : "false").utf8
        case .integer(let value): output += String(value).utf8
        case .number(let value): output += Self.text(of: value).utf8
        case .decimal(let text): output += text.utf8
        case .string(let value): Self.write(value, to: &output)
        case .array(let items):
            output.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                item.write(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                Self.write(member.name, to: &output)
                output.append(UInt8(ascii: ":"))
                member.value.write(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    /// Whole numbers without a fraction: `5`, not `5.0`.
    private static func text(of value: Double) -> String {
        guard value.isFinite else { return "null" }
        return Int64(exactly: value).map(String.init) ?? String(value)
    }

    private static func write(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        // Almost every text is plain, and a list has tens of thousands of them.
        if text.utf8.allSatisfy({ isPlain($0) }) {
            output += text.utf8
        } else {
            for scalar in text.unicodeScalars { write(scalar, to: &output) }
        }
        output.append(UInt8(ascii: "\""))
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private static func write(_ scalar: Unicode.Scalar, to output: inout [UInt8]) {
        switch scalar {
        case "\"": output += "\\\"".utf8
        case "\\": output += "\\\\".utf8
        case "\n": output += "\\n".utf8
        case "\r": output += "\\r".utf8
        case "\t": output += "\\t".utf8
        case "\u{0}"..<"\u{20}", "\u{2028}", "\u{2029}", "\u{7F}":
            let digits = String(scalar.value, radix: 16)
            output += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
        default: output += UTF8.encode(scalar).map { Array($0) } ?? []
        }
    }
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
    ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral
{
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements.map { Member(name: $0.0, value: $0.1) })
    }

    package init(arrayLiteral elements: JSON...) {
        self = .array(elements)
    }

    package init(stringLiteral value: String) {
        self = .string(value)
    }

    package init(nilLiteral: ()) {
        self = .null
    }

    package init(booleanLiteral value: Bool) {
        self = .bool(value)
    }

    package init(integerLiteral value: Int64) {
        self = .integer(value)
    }
}

extension JSON {
    /// An object with members in this order.
    package init(members: [(String, JSON)]) {
        self = .object(members.map { Member(name: $0.0, value: $0.1) })
    }

    /// A text, or null.
    package init(_ text: String?) {
        self = text.map { .string($0) } ?? .null
    }

    /// An instant in RFC 3339, or null.
    package init(_ instant: Timestamp?) {
        self = instant.map { .string($0.iso8601) } ?? .null
    }

    /// Milliseconds with their fraction.
    package init(milliseconds duration: Duration) {
        self = .number(duration.milliseconds)
    }

    /// Seconds with their fraction.
    package init(seconds duration: Duration) {
        self = .number(Double(duration.microseconds) / 1_000_000)
    }
}
