import VitalsCore

/// What `vitals conditions explain` says of one condition.
struct ExplainReport {
    /// A line for each value and each part, what it is made of before it and further in; then the verdict.
    let text: String
    /// 0 it holds, 1 it fails, 2 it is an error, or there was nothing that it could be about.
    let exitCode: Int32

    /// - Parameter scrubbed: takes the secrets out of what was seen. Default: there are none.
    static func explained(
        _ explanation: Explanation, scrubbed: (String) -> String = { $0 }
    ) -> ExplainReport {
        let steps = explanation.steps.map { step in
            let indent = String(repeating: "  ", count: step.depth)
            return scrubbed("\(indent)\(step.part): \(step.finding)")
        }
        let (verdict, exitCode): (String, Int32) =
            switch explanation.verdict {
            case .holds: ("It holds.", 0)
            case .fails: ("It fails.", 1)
            case .error(let message): ("It is an error, and does not hold: \(message)", 2)
            }
        return ExplainReport(
            text: (steps + [scrubbed(verdict)]).joined(separator: "\n"), exitCode: exitCode)
    }

    /// Of a target that gave no answer for conditions to judge.
    static func unanswered(_ fault: Fault?) -> ExplainReport {
        let reason = fault.map { ": \($0.cause.rawValue) in \($0.phase.rawValue): \($0.message)" } ?? ""
        return ExplainReport(
            text: CheckReport.plain("It is not evaluated, for the run fails without it\(reason)"), exitCode: 2
        )
    }
}
