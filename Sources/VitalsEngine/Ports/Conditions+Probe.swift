package import VitalsCore

extension Conditions {
    /// What a probe found, with the verdict of the conditions, in which no secret of the probe is shown.
    package func judge(_ result: ProbeResult, of probe: any Probe) -> ProbeResult {
        guard !isEmpty else { return result }
        var judged = judge(result)
        guard judged.conditions.contains(where: { $0.verdict != .holds }) else { return judged }
        judged.conditions = judged.conditions.map { found in
            ConditionResult(
                condition: found.condition, level: found.level, verdict: found.verdict,
                seen: probe.scrubbed(found.seen))
        }
        judged.fault = judged.fault.map {
            Fault($0.cause, in: $0.phase, code: $0.code, message: probe.scrubbed($0.message))
        }
        return judged
    }
}

extension ProbeResult {
    /// The verdict on what the author's questions were answered, in which no secret of the probe is shown.
    package func judged(by questions: [OwnQuestion], of probe: any Probe) -> ProbeResult {
        guard !questions.isEmpty else { return self }
        let before = conditions.count
        var judged = judged(by: questions)
        judged.conditions = judged.conditions.enumerated().map { index, found in
            guard index >= before else { return found }
            return ConditionResult(
                condition: found.condition, level: found.level, verdict: found.verdict,
                seen: probe.scrubbed(found.seen))
        }
        judged.fault = judged.fault.map {
            Fault($0.cause, in: $0.phase, code: $0.code, message: probe.scrubbed($0.message))
        }
        return judged
    }
}

extension ProbeForm {
    /// Why a condition makes no sense for the kind, to be put after what it is; nothing: it does.
    package func refusal(of condition: Condition) -> String? {
        let unknown = condition.needs.subtracting(observes)
        guard !unknown.isEmpty else { return nil }
        let article = kind.name.first.map { "aeiou".contains($0) } ?? false ? "an" : "a"
        let names = unknown.names.joined(separator: ", ")
        return "asks for \(names), which \(article) \(kind.name) check never has"
    }
}
