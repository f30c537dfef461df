/// Goes through a condition and tells what it saw on the way.
struct ConditionEvaluation {
    /// Bytes of a value.
    private static let longestValue = 256

    /// The condition with the values beside what asked for them.
    private(set) var seen = ""
    private(set) var steps: [Explanation.Step] = []
    private let isExplaining: Bool
    private var depth = 0

    init(isExplaining: Bool = false) {
        self.isExplaining = isExplaining
    }

    /// Every part is evaluated. An error stays one, unless the other parts decide: one that fails for `and`,
    /// one that holds for `or`.
    mutating func verdict(on expression: Expression, _ view: inout ObservationView) -> ConditionVerdict {
        depth += 1
        let start = seen.utf8.count
        let verdict = part(expression, &view)
        depth -= 1
        if isExplaining {
            note(String(decoding: seen.utf8.dropFirst(start), as: UTF8.self), verdict.words, at: depth)
        }
        return verdict
    }

    private mutating func part(_ expression: Expression, _ view: inout ObservationView) -> ConditionVerdict {
        switch expression {
        case .comparison(let left, let comparison, let right):
            let one = side(left, &view)
            seen += " \(comparison.rawValue) "
            let other = side(right, &view)
            return judged { () throws(SeenError) in try one.holds(comparison, other) }
        case .truth(let operand):
            let side = side(operand, &view)
            return judged { () throws(SeenError) in try side.equals(.literal(Literal("true"))) }
        case .not(let inner):
            seen += "not "
            return enclosed(inner, &view).opposite
        case .all(let parts):
            return joined(parts, by: " and ", deciding: .fails, &view)
        case .any(let parts):
            return joined(parts, by: " or ", deciding: .holds, &view)
        }
    }

    private mutating func joined(
        _ parts: [Expression], by word: String, deciding: ConditionVerdict, _ view: inout ObservationView
    ) -> ConditionVerdict {
        var verdicts: [ConditionVerdict] = []
        for (index, part) in parts.enumerated() {
            if index > 0 { seen += word }
            verdicts.append(enclosed(part, &view))
        }
        if verdicts.contains(deciding) { return deciding }
        return verdicts.first { $0 != deciding.opposite } ?? deciding.opposite
    }

    private mutating func enclosed(
        _ expression: Expression, _ view: inout ObservationView
    ) -> ConditionVerdict {
        switch expression {
        case .comparison, .truth, .not: return verdict(on: expression, &view)
        case .all, .any:
            seen += "("
            defer { seen += ")" }
            return verdict(on: expression, &view)
        }
    }

    private func judged(_ holds: () throws(SeenError) -> Bool) -> ConditionVerdict {
        do throws(SeenError) {
            return try holds() ? .holds : .fails
        } catch {
            return .error(error.message)
        }
    }

    private mutating func note(_ part: String, _ finding: String, at depth: Int) {
        steps.append(Explanation.Step(depth: depth, part: part, finding: finding))
    }
}

extension ConditionEvaluation {
    /// Finds what a side stands for, once, and shows it.
    private mutating func side(_ operand: Operand, _ view: inout ObservationView) -> ConditionSide {
        switch operand.content {
        case .subject(let subject):
            return found(operand) { () throws(SeenError) in try view.find(subject) }
        case .length(let subject):
            return found(operand) { () throws(SeenError) in try view.length(subject) }
        case .presence(let subject):
            return found(operand) { () throws(SeenError) in .value(.bool(try view.has(subject))) }
        case .any(let choices): return any(choices, &view)
        case .literal(let literal): seen += operand.text; return .literal(literal)
        case .glob(let glob): seen += operand.text; return .glob(glob)
        case .pattern(let pattern): seen += operand.text; return .pattern(pattern)
        }
    }

    private mutating func any(_ choices: [Operand], _ view: inout ObservationView) -> ConditionSide {
        seen += "any("
        var sides: [ConditionSide] = []
        for (index, choice) in choices.enumerated() {
            if index > 0 { seen += ", " }
            sides.append(side(choice, &view))
        }
        seen += ")"
        return .any(sides)
    }

    private mutating func found(
        _ operand: Operand, _ find: () throws(SeenError) -> ObservationView.Finding
    ) -> ConditionSide {
        seen += operand.text
        do throws(SeenError) {
            let finding = try find()
            show(operand, finding.shown(upTo: Self.longestValue), finding.problem)
            return .found(finding)
        } catch {
            show(operand, "unknown", error.message)
            return .unknown(error)
        }
    }

    private mutating func show(_ operand: Operand, _ value: String, _ problem: String?) {
        seen += " ("
        seen += value
        seen += ")"
        guard isExplaining else { return }
        note(operand.text, problem.map { "\(value): \($0)" } ?? value, at: depth)
    }
}

extension ObservationView.Finding {
    fileprivate func shown(upTo limit: Int) -> String {
        switch self {
        case .value(let value): value.text.shown(upTo: limit)
        case .beginning(let text, _): text.shown(upTo: limit)
        case .missing: "missing"
        }
    }

    fileprivate var problem: String? {
        if case .missing(let what) = self { return what }
        return nil
    }
}

extension ConditionVerdict {
    fileprivate var opposite: ConditionVerdict {
        switch self {
        case .holds: .fails
        case .fails: .holds
        case .error: self
        }
    }

    fileprivate var words: String {
        if case .error(let message) = self { return "error: \(message)" }
        return name
    }
}
