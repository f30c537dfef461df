/// Reads a condition.
///
///     or         = and { "or" and }
///     and        = not { "and" not }
///     not        = "not" not | "(" or ")" | comparison
///     comparison = operand [ operator operand ]
struct ConditionParser {
    /// Parentheses and `not`s inside each other.
    private static let deepest = 50

    var scanner: ConditionScanner
    private var depth = 0
    /// Parentheses that are open.
    private(set) var groups = 0

    init(_ text: String) throws(ConditionError) {
        scanner = ConditionScanner(text)
        guard text.utf8.count <= Condition.longestText else {
            throw scanner.error("a condition has at most \(Condition.longestText) bytes")
        }
    }

    mutating func parse() throws(ConditionError) -> Expression {
        scanner.skipBlanks()
        guard !scanner.isAtEnd else {
            throw scanner.error("an empty condition; write one like [STATUS] == 200")
        }
        let expression = try either()
        scanner.skipBlanks()
        guard scanner.isAtEnd else { throw unexpected() }
        return expression
    }

    private mutating func either() throws(ConditionError) -> Expression {
        var parts = [try both()]
        while scanner.take(word: "or") { parts.append(try both()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func both() throws(ConditionError) -> Expression {
        var parts = [try negated()]
        while scanner.take(word: "and") { parts.append(try negated()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func negated() throws(ConditionError) -> Expression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            throw scanner.error("at most \(Self.deepest) parentheses inside each other")
        }
        if scanner.take(word: "not") { return .not(try negated()) }
        scanner.skipBlanks()
        let opening = scanner.column
        guard scanner.take("(") else { return try comparison() }
        groups += 1
        let expression = try either()
        groups -= 1
        scanner.skipBlanks()
        guard scanner.take(")") else {
            guard scanner.isAtEnd else { throw unexpected() }
            throw scanner.error("`(` without a `)` after it", at: opening)
        }
        return expression
    }

    private mutating func comparison() throws(ConditionError) -> Expression {
        let left = try operand()
        let isWhole = scanner.isEnd(at: scanner.position)
        scanner.skipBlanks()
        guard let comparison = scanner.comparison(at: scanner.position) else {
            return try truth(left, isWhole: isWhole)
        }
        scanner.position += comparison.rawValue.count
        let right = try operand()
        try ConditionRules.check(left, comparison, right)
        return .comparison(left, comparison, right)
    }

    private func truth(_ operand: Operand, isWhole: Bool) throws(ConditionError) -> Expression {
        if operand.kind == .bool, isWhole { return .truth(operand) }
        if let next = scanner.next, "=!<>~".unicodeScalars.contains(next) { throw badOperator() }
        guard operand.isSeen else {
            throw scanner.error(
                "`\(operand.text.shown(upTo: 40))` is compared with nothing; "
                    + "a text with an operator, `and` or `or` in it stands in quotes",
                at: operand.column)
        }
        let expected = "expected one of == != < <= > >= after it, with blanks around"
        throw scanner.error("found \(scanner.found), \(expected)")
    }

    private func badOperator() -> ConditionError {
        let rest = scanner.scalars[scanner.position..<scanner.end]
        let sign = String(String.UnicodeScalarView(rest.prefix { "=!<>~".unicodeScalars.contains($0) }))
        guard Comparison(rawValue: sign) == nil else {
            return scanner.error("`\(sign)` needs a blank before and after it")
        }
        return scanner.error(
            "`\(sign)` is no operator; there are == != < <= > >=, and matches() for patterns")
    }

    private func unexpected() -> ConditionError {
        if scanner.next == ")" { return scanner.error("`)` without a `(` before it") }
        if scanner.comparison(at: scanner.position) != nil {
            return scanner.error(
                "a second operator; join conditions by `and` or `or`, put a text into quotes")
        }
        return scanner.error("found \(scanner.found), expected `and`, `or` or the end")
    }
}
