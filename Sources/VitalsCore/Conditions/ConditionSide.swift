/// One side of a comparison, with what it stands for.
enum ConditionSide: Sendable {
    case found(ObservationView.Finding)
    /// It could not be found out.
    case unknown(SeenError)
    case literal(Literal)
    case glob(Glob)
    case pattern(Pattern)
    case any([ConditionSide])

    func holds(_ comparison: Comparison, _ other: ConditionSide) throws(SeenError) -> Bool {
        switch comparison {
        case .equal: return try equals(other)
        case .notEqual: return try !equals(other)
        case .less: return try measure() < other.measure()
        case .lessOrEqual: return try measure() <= other.measure()
        case .more: return try measure() > other.measure()
        case .moreOrEqual: return try measure() >= other.measure()
        }
    }

    func equals(_ other: ConditionSide) throws(SeenError) -> Bool {
        switch (self, other) {
        case (.any(let choices), let one), (let one, .any(let choices)):
            return try Self.isAny(of: choices, one)
        case (.unknown(let error), _), (_, .unknown(let error)): throw error
        case (.found(let one), .found(let two)): return try one.whole().equals(two.whole())
        case (.found(let found), .literal(let literal)), (.literal(let literal), .found(let found)):
            return try found.whole().equals(literal)
        case (.literal(let one), .literal(let two)):
            return one.text == two.text || (one.number != nil && one.number == two.number)
        case (.glob(let glob), let one), (let one, .glob(let glob)):
            return try one.matches(isOpenEnded: glob.isOpenEnded) { text in glob.matches(text) }
        case (.pattern(let pattern), let one), (let one, .pattern(let pattern)):
            return try one.matches(isOpenEnded: !pattern.looksAhead) { text throws(SeenError) in
                do throws(PatternOverrun) {
                    return try pattern.matches(text)
                } catch {
                    throw SeenError(error.message)
                }
            }
        }
    }

    /// One that holds decides, whatever is the matter with the others.
    private static func isAny(of choices: [ConditionSide], _ one: ConditionSide) throws(SeenError) -> Bool {
        var problem: SeenError?
        for choice in choices {
            do throws(SeenError) {
                if try choice.equals(one) { return true }
            } catch {
                problem = problem ?? error
            }
        }
        if let problem { throw problem }
        return false
    }

    /// - Parameter isOpenEnded: whether a match of the beginning is one of the whole.
    private func matches(
        isOpenEnded: Bool, _ matches: ([UInt8]) throws(SeenError) -> Bool
    ) throws(SeenError) -> Bool {
        switch self {
        case .found(.beginning(let text, let cut)):
            guard isOpenEnded, try matches(Array(text.utf8)) else { throw cut }
            return true
        case .found(let found): return try matches(Array(found.whole().text.utf8))
        case .literal(let literal): return try matches(Array(literal.text.utf8))
        case .unknown(let error): throw error
        case .glob, .pattern, .any: return false
        }
    }

    /// What is ordered: a number, or milliseconds.
    private func measure() throws(SeenError) -> ExactNumber {
        switch self {
        case .found(let finding):
            let value = try finding.whole()
            if let measure = value.measure { return measure }
            throw SeenError(
                "`\(value.text.shown(upTo: 40))` is \(value.kindName), which nothing is above or below")
        case .literal(let literal):
            if let measure = literal.duration { return measure }
            throw SeenError("`\(literal.text)` is nothing that others are above or below")
        case .unknown(let error): throw error
        case .glob, .pattern, .any:
            throw SeenError("a choice or pattern is nothing that others are above or below")
        }
    }
}

extension ObservationView.Finding {
    /// The value, if all of it is known.
    func whole() throws(SeenError) -> SeenValue {
        switch self {
        case .value(let value): return value
        case .missing(let what): throw SeenError(what)
        case .beginning(_, let cut): throw cut
        }
    }
}
