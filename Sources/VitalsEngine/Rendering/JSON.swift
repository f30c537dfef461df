package import VitalsCore

/// A JSON value whose members keep their order and may be null: what the API, the stream, webhooks and the
/// command line print. (Foundation's encoder orders members by chance and leaves out what is nil.)
package enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([Member])

    package struct Member: Sendable, Equatable {
        let name: String
        let value: JSON
    }

    /// Compact JSON text (RFC 8259), UTF-8; a number that JSON cannot write is null.
    package var text: String {
        var output = ""
        write(to: &output)
        return output
    }

    /// Appends its text.
    package func write(to output: inout String) {
        switch self {
        case .null: output += "null"
        case .bool(let value): output += value ? "true" : "false"
        case .integer(let value): output += String(value)
        case .number(let value): output += Self.text(of: value)
        case .string(let value): Self.write(value, to: &output)
        case .array(let items):
            output += "["
            for (index, item) in items.enumerated() {
                if index > 0 { output += "," }
                item.write(to: &output)
            }
            output += "]"
        case .object(let members):
            output += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { output += "," }
                Self.write(member.name, to: &output)
                output += ":"
                member.value.write(to: &output)
            }
            output += "}"
        }
    }

    /// Whole numbers without a fraction: `5`, not `5.0`.
    private static func text(of value: Double) -> String {
        guard value.isFinite else { return "null" }
        return Int64(exactly: value).map(String.init) ?? String(value)
    }

    private static func write(_ text: String, to output: inout String) {
        output += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case "\u{0}"..<"\u{20}", "\u{2028}", "\u{2029}", "\u{7F}":
                let digits = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
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
