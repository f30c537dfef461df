/// A statement of a check's author, put to the database beside everything else, and what must hold of the
/// rows that it returns.
package struct OwnQuestion: Sendable, Equatable {
    /// Within its check.
    package let name: String
    package let query: String
    /// For it alone.
    package let timeout: Duration
    package let conditions: Conditions

    /// What conditions may ask of it.
    package static let observed: ConditionNeeds = [.rows, .latency]
    /// No statement of ours or our author's runs longer.
    package static let longestTimeout: Duration = .seconds(2)

    /// - Parameter timeout: default: the longest.
    package init(
        _ name: String, _ query: String, timeout: Duration = longestTimeout,
        conditions: Conditions = Conditions()
    ) {
        self.name = name
        self.query = query
        self.timeout = timeout
        self.conditions = conditions
    }
}

/// What became of such a question.
package struct OwnAnswer: Sendable, Equatable {
    package enum Content: Sendable, Equatable {
        case rows(Observation.Rows)
        /// The server would not answer it, or answered more than is taken; why.
        case refused(String)
        /// It was not put, or what it was answered never came; why.
        case missing(String)
    }

    /// Of the question.
    package let name: String
    /// From asking to the end of the answer.
    package let took: Duration
    package let content: Content

    package init(_ name: String, took: Duration = .zero, _ content: Content) {
        self.name = name
        self.took = took
        self.content = content
    }
}

extension ProbeResult {
    /// The result with the verdict on what the author's questions were answered.
    ///
    /// One that the server refuses is as broken as one whose conditions do not hold. One that there was no
    /// time for says nothing of the target, but that it serves slowly: it only warns.
    package func judged(by questions: [OwnQuestion]) -> ProbeResult {
        var judged = self
        judged.answers = []
        guard !questions.isEmpty, !answers.isEmpty else { return judged }
        var found: [ConditionResult] = []
        for question in questions {
            guard let answer = answers.first(where: { $0.name == question.name }) else { continue }
            found += question.verdicts(on: answer)
        }
        judged.conditions += found
        let broken = found.filter { $0.verdict != .holds }
        guard let worst = broken.first(where: { $0.level == .fail }) ?? broken.first else { return judged }
        if let fault, worst.level == .warn || fault.cause == .condition { return judged.keeping(fault) }
        let others = broken.count - 1
        let more = others == 0 ? "" : " (and \(others) \(others == 1 ? "other" : "others"))"
        judged.fault = Fault(
            worst.level == .fail ? .condition : .conditionWarn, in: .vitals,
            message: worst.message.shown(upTo: 1_020 - more.utf8.count) + more)
        return judged
    }

    private func keeping(_ fault: Fault) -> ProbeResult {
        var result = self
        result.fault = fault
        return result
    }
}

extension OwnQuestion {
    /// Each names the question.
    fileprivate func verdicts(on answer: OwnAnswer) -> [ConditionResult] {
        func broken(_ reason: String, _ level: ConditionLevel) -> [ConditionResult] {
            [ConditionResult(condition: name, level: level, verdict: .error(reason), seen: name)]
        }
        switch answer.content {
        case .refused(let reason): return broken(reason, conditions.levelOfRefusal)
        case .missing(let reason): return broken(reason, .warn)
        case .rows(let rows):
            let observation = Observation(rows: rows, latency: answer.took)
            let all =
                conditions.failing.map { $0.evaluate(on: observation, level: .fail) }
                + conditions.warning.map { $0.evaluate(on: observation, level: .warn) }
            return all.map { result in
                ConditionResult(
                    condition: "\(name): \(result.condition)", level: result.level, verdict: result.verdict,
                    seen: "\(name): \(result.seen)")
            }
        }
    }
}

extension Conditions {
    /// What it means that they cannot be judged: as much as the worst of them.
    fileprivate var levelOfRefusal: ConditionLevel {
        failing.isEmpty && !warning.isEmpty ? .warn : .fail
    }
}
