/// What makes sense to ask, known before anything is seen.
enum ConditionRules {
    /// Whether a subject has such parts.
    static func check(_ subject: Subject, at column: Int) throws(ConditionError) {
        let name = subject.name.rawValue
        switch (subject.name, subject.path.first, subject.path.count) {
        case (.body, _, _), (.header, .name, 1): return
        case (.header, _, _):
            throw ConditionError(
                column: column, message: "[HEADER] takes one name, like [HEADER].content-type")
        case (.phase, .name(let word)?, 1):
            guard subject.phase == nil else { return }
            let names = Phase.allCases.map(\.rawValue)
            let nearest = NearestName.to(word, among: names)
            let meant =
                nearest.map { "did you mean [PHASE].\($0)?" } ?? "there are \(names.joined(separator: ", "))"
            throw ConditionError(
                column: column, message: "unknown phase `\(word.shown(upTo: 30))`; \(meant)")
        case (.phase, _, _):
            throw ConditionError(column: column, message: "[PHASE] takes one name, like [PHASE].tls")
        case (.rows, nil, _), (.rows, .index, 1), (.rows, .index, 2): return
        case (.rows, .name("count"), 1): return
        case (.rows, _, _):
            throw ConditionError(
                column: column, message: "[ROWS] is asked as [ROWS].count or [ROWS][0].column")
        case (_, nil, _): return
        default: throw ConditionError(column: column, message: "[\(name)] has no parts")
        }
    }

    /// Whether a subject is a value by itself, outside `len` and `has`.
    static func checkStandsAlone(_ subject: Subject, at column: Int) throws(ConditionError) {
        guard subject.name == .rows, subject.path != [.name("count")], subject.path.count < 2 else { return }
        throw ConditionError(
            column: column, message: "rows are no value; ask for [ROWS].count or [ROWS][0].column")
    }

    /// Whether a subject can be as long as something.
    static func checkHasLength(_ subject: Subject, at column: Int) throws(ConditionError) {
        guard subject.kind == nil, subject.name != .rows || subject.path.count != 1 else {
            throw ConditionError(
                column: column,
                message: "[\(subject.name.rawValue)] has no length; len() takes texts and lists")
        }
    }

    static func check(_ left: Operand, _ comparison: Comparison, _ right: Operand) throws(ConditionError) {
        guard left.isSeen || right.isSeen else {
            throw ConditionError(
                column: left.column,
                message: "neither side asks for anything that is seen, like [STATUS] or [BODY].name")
        }
        guard left.isValue || right.isValue else {
            throw ConditionError(column: right.column, message: "one side must be a value")
        }
        for (side, other) in [(left, right), (right, left)] {
            if comparison.orders {
                try checkOrder(of: side, comparison)
                try checkLiteral(side, against: other)
            } else {
                try checkEquality(of: side, with: other)
            }
        }
    }

    private static func checkOrder(of side: Operand, _ comparison: Comparison) throws(ConditionError) {
        let reason: String? =
            switch side.content {
            case .glob, .pattern, .any: "goes with == and != only"
            case .literal(let literal) where !literal.isOrdered:
                "is no number or duration, so that nothing is above or below it"
            default: side.kind == .bool ? "is true or false, so that nothing is above or below it" : nil
            }
        guard let reason else { return }
        throw ConditionError(column: side.column, message: "`\(side.text.shown(upTo: 40))` \(reason)")
    }

    private static func checkEquality(of side: Operand, with other: Operand) throws(ConditionError) {
        switch side.content {
        case .any(let choices):
            for choice in choices { try checkEquality(of: choice, with: other) }
        case .glob, .pattern:
            guard other.kind == nil || other.kind == .number else {
                throw ConditionError(
                    column: side.column,
                    message: "`\(other.text.shown(upTo: 40))` is no text and has no pattern")
            }
        default: try checkLiteral(side, against: other)
        }
    }

    /// Whether what is written can ever be what is seen.
    private static func checkLiteral(_ side: Operand, against other: Operand) throws(ConditionError) {
        guard case .literal(let literal) = side.content, let kind = other.kind else { return }
        let wanted: String? =
            switch kind {
            case .number: literal.number == nil ? "a number" : nil
            case .duration: literal.duration == nil ? "a duration, like 500ms or 48h" : nil
            case .bool: literal.bool == nil ? "true or false" : nil
            }
        guard let wanted else { return }
        let isQuoted = literal.isQuoted ? ", without quotes" : ""
        let other = other.text.shown(upTo: 40)
        throw ConditionError(
            column: side.column,
            message:
                "`\(side.text.shown(upTo: 40))` is not \(wanted)\(isQuoted), as \(other) is"
        )
    }
}
