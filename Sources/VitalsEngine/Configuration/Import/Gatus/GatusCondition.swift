import VitalsCore

/// A condition of Gatus, and how it is said here.
///
/// Gatus splits it at the first operator that it finds, in a fixed order, and takes both sides as texts.
struct GatusCondition {
    /// As it is to stand in `vitals.yaml`, variables marked.
    private(set) var text: String
    /// What comes out otherwise than with Gatus.
    private(set) var differences: [String] = []

    private var left: String
    private let comparison: String
    private var right: String

    private static let comparisons = ["==", "!=", "<=", ">=", ">", "<"]

    /// - Parameter recordType: of a DNS endpoint: `NS`.
    init(_ written: String, recordType: String? = nil) {
        text = written
        left = written
        comparison = Self.comparisons.first { written.contains(" \($0) ") } ?? ""
        right = ""
        guard let place = written.firstRange(of: " \(comparison) "), !comparison.isEmpty else { return }
        left = Self.trimmed(written[..<place.lowerBound])
        let rest = written[place.upperBound...]
        right = Self.trimmed(rest)
        if let second = rest.firstRange(of: " \(comparison) ") {
            right = Self.trimmed(rest[..<second.lowerBound])
            differences.append("what stands behind a second operator is left out: Gatus does not heed it")
        }
        if let recordType { adapt(to: recordType.uppercased()) }
        left = side(left)
        right = side(right)
        text = "\(left) \(comparison) \(right)"
        compare()
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }

    // MARK: How it is written

    private static func isFunction(_ side: String, _ name: String) -> Bool {
        side.hasPrefix("\(name)(") && side.hasSuffix(")")
    }

    private static func isLiteral(_ side: String) -> Bool {
        !side.hasPrefix("[") && !["len", "has", "pat", "any"].contains { isFunction(side, $0) }
    }

    /// A side as the language here has it: what it would take for words of its own stands in quotes.
    private mutating func side(_ side: String) -> String {
        if Self.isFunction(side, "pat") {
            let pattern = String(side.dropFirst(4).dropLast())
            if pattern.contains(where: { "?[".contains($0) }) {
                differences.append("only `*` is special in pat() here; `matches()` takes regular expressions")
            }
            return Self.isBalanced(pattern) ? side : "pat(\(Self.quoted(pattern)))"
        }
        guard Self.isLiteral(side) else { return side }
        if side.hasPrefix("\"") {
            differences.append("quotes around a text are no part of it here")
            return side
        }
        let words = [" and ", " or ", "(", ")"] + Self.comparisons.map { " \($0) " }
        guard side.hasPrefix("not ") || words.contains(where: side.contains) else { return side }
        return Self.quoted(side)
    }

    private static func quoted(_ text: String) -> String {
        "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    }

    private static func isBalanced(_ text: String) -> Bool {
        var depth = 0
        for character in text {
            depth += character == "(" ? 1 : character == ")" ? -1 : 0
            if depth < 0 { return false }
        }
        return depth == 0
    }

    /// The answers of DNS are written without the dot at the end of names here.
    private mutating func adapt(to recordType: String) {
        guard (left + right).uppercased().contains("[BODY]") else { return }
        differences.append(
            "of several answers [BODY] holds all here, one a line; in Gatus it is the last one alone")
        switch recordType {
        case "NS", "CNAME", "PTR":
            (left, right) = (Self.withoutDot(left), Self.withoutDot(right))
        case "MX", "SRV":
            differences.append("an answer is written as in a zone file here, as in `10 mail.example.com`")
        default: break
        }
    }

    private static func withoutDot(_ side: String) -> String {
        if isFunction(side, "pat"), side.hasSuffix(".)") { return "\(side.dropLast(2)))" }
        return isLiteral(side) && side.hasSuffix(".") ? String(side.dropLast()) : side
    }

    // MARK: What comes out otherwise

    private var sides: [String] { [left, right] }

    private func contains(_ text: String) -> Bool { sides.contains { $0.uppercased().contains(text) } }

    private mutating func compare() {
        if ["<", "<=", ">", ">="].contains(comparison) { compareOrder() }
        if comparison == "!=", contains("[BODY].") || contains("[BODY][") {
            differences.append(
                "where what it asks for is missing it does not hold here; "
                    + "Gatus takes it for a text that differs"
            )
        }
        if sides.contains(where: { Self.isFunction($0, "any") && $0.contains("\"") }) {
            differences.append("quotes in any() keep a comma together here, and are no part of the text")
        }
        if sides.contains(where: { Self.isFunction($0, "has") }), contains("FALSE") {
            differences.append(
                "of a body that is not JSON it does not hold here: nothing is known of its parts")
        }
        if sides.contains(where: { Self.isFunction($0, "len") }) {
            differences.append("a text is as long as it has characters here; Gatus counts bytes")
        }
        compareNumbers()
        if contains("[RESPONSE_TIME]") {
            differences.append(
                "[RESPONSE_TIME] is from the beginning of the run to its verdict here: looking up the name, "
                    + "connecting, TLS and the whole body are part of it")
        }
        if contains("[CONNECTED]"), contains("FALSE") || comparison == "!=" {
            differences.append(
                "a connection counts as none where it was refused, reset, timed out or found no way; a name "
                    + "that is not known and a bad certificate fail here, whatever is asked")
        }
    }

    private mutating func compareOrder() {
        if contains("[BODY]"), !sides.contains(where: { Self.isFunction($0, "len") }) {
            differences.append(
                "fractions count here; a text is above and below nothing, where Gatus takes it as 0")
        }
        // What is not there is 0 for Gatus, whatever it is.
        let (zeroIsLeft, literal) = Self.isLiteral(left) ? (false, left) : (true, right)
        guard let number = Self.number(literal) else { return }
        let (low, high) = zeroIsLeft ? (0, number) : (number, 0)
        let holds =
            switch comparison {
            case "<": low < high
            case "<=": low <= high
            case ">": low > high
            default: low >= high
            }
        guard holds else { return }
        differences.append(
            "where there was no answer, or what it asks for is missing, it does not hold here; "
                + "Gatus takes what is missing as 0")
    }

    private mutating func compareNumbers() {
        for side in sides where Self.isLiteral(side) {
            let digits = side.drop { $0 == "-" }
            guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { continue }
            if digits.count > 1, digits.first == "0" {
                differences.append("a zero before a number does not make it octal here: write 0o10")
            }
            if digits.count > 15 { differences.append("large numbers are compared exactly here") }
        }
    }

    /// In milliseconds, if it is a duration.
    private static func number(_ text: String) -> Double? {
        if let number = Double(text) { return number }
        return GatusDuration.parse(text).map { Double($0.microseconds) / 1_000 }
    }
}
