/// Why a text is no condition.
package struct ConditionError: Error, Sendable, Equatable {
    /// The character at which it is noticed, from 1.
    package let column: Int
    /// What was found and what was meant.
    package let message: String
}

/// What must hold of an answer: `[STATUS] == 200`. Read once, when configuration is; evaluating it never
/// fails to understand it.
package struct Condition: Sendable, Equatable {
    /// As it was written, without the blanks around it.
    package let text: String
    /// What it asks for.
    package let needs: ConditionNeeds
    let expression: Expression

    /// Bytes of a condition.
    package static let longestText = 4_096

    package init(parsing text: String) throws(ConditionError) {
        var parser = try ConditionParser(text)
        expression = try parser.parse()
        needs = expression.needs
        self.text = text.trimmed
    }

    package static func == (left: Condition, right: Condition) -> Bool {
        left.text == right.text
    }

    /// Whether it holds of what was seen, and what was.
    package func evaluate(on observation: Observation, level: ConditionLevel = .fail) -> ConditionResult {
        var view = ObservationView(observation)
        return evaluate(on: &view, level: level)
    }

    /// The same, with what others have found in the same observation.
    func evaluate(on view: inout ObservationView, level: ConditionLevel) -> ConditionResult {
        var evaluation = ConditionEvaluation()
        let verdict = evaluation.verdict(on: expression, &view)
        return ConditionResult(condition: text, level: level, verdict: verdict, seen: evaluation.seen)
    }

    /// Each step of the same.
    package func explain(on observation: Observation) -> Explanation {
        var view = ObservationView(observation)
        var evaluation = ConditionEvaluation(isExplaining: true)
        let verdict = evaluation.verdict(on: expression, &view)
        return Explanation(condition: text, steps: evaluation.steps, verdict: verdict)
    }
}

/// What a condition that does not hold means.
package enum ConditionLevel: String, Sendable, CaseIterable {
    /// The target fails.
    case fail
    /// It serves, but not wholly.
    case warn
}

/// What became of a condition.
package enum ConditionVerdict: Sendable, Equatable {
    case holds
    case fails
    /// What it asks for was not there, or is nothing that can be compared so; it does not hold, nor does its
    /// opposite. With what was the matter.
    case error(String)

    /// `holds`, `fails` or `error`.
    package var name: String {
        switch self {
        case .holds: "holds"
        case .fails: "fails"
        case .error: "error"
        }
    }
}

/// One condition and what it found.
package struct ConditionResult: Sendable, Equatable {
    /// As it was written.
    package let condition: String
    package let level: ConditionLevel
    package let verdict: ConditionVerdict
    /// The condition with each value seen beside what asked for it: `[STATUS] (500) == 200`. A long value is
    /// cut at 256 bytes. Not scrubbed: that is for the one who knows the secrets.
    package let seen: String

    package init(condition: String, level: ConditionLevel, verdict: ConditionVerdict, seen: String) {
        self.condition = condition
        self.level = level
        self.verdict = verdict
        self.seen = seen
    }

    /// What was seen and, of an error, what was the matter.
    package var message: String {
        if case .error(let message) = verdict { return "\(seen): \(message)" }
        return seen
    }
}

/// How a condition came to its verdict, for people.
package struct Explanation: Sendable, Equatable {
    /// As it was written.
    package let condition: String
    /// A part comes after those that it is made of, which stand one deeper.
    package let steps: [Step]
    package let verdict: ConditionVerdict

    package struct Step: Sendable, Equatable {
        /// How far inside the condition it stands; 0 is the condition itself.
        package let depth: Int
        /// The part, as it was written where it is a value.
        package let part: String
        /// The value seen, or `holds`, `fails`, `error: ...`.
        package let finding: String
    }
}
