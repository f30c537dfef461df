/// The conditions of one check.
package struct Conditions: Sendable, Equatable {
    /// Each must hold, or the target fails.
    package let failing: [Condition]
    /// Each should hold; where one does not, the target serves but not wholly.
    package let warning: [Condition]
    /// What any of them asks for.
    package let needs: ConditionNeeds

    package init(failing: [Condition] = [], warning: [Condition] = []) {
        self.failing = failing
        self.warning = warning
        needs = (failing + warning).reduce([]) { $0.union($1.needs) }
    }

    package var isEmpty: Bool { failing.isEmpty && warning.isEmpty }

    /// The result with the verdict of the conditions on what was observed, and without that.
    ///
    /// There must have been an answer: a fault of the probe stays what it is, and no condition is evaluated,
    /// with three exceptions. A status that the probe finds bad is left to conditions that name `[STATUS]`. A
    /// connection that came to nothing is no fault if all conditions hold of that, which only those about
    /// `[CONNECTED]` can. A fault that only warns gives way to a condition that fails.
    package func judge(_ result: ProbeResult) -> ProbeResult {
        var judged = result
        judged.observation = nil
        guard !isEmpty, let observation = observation(in: result) else { return judged }
        return judge(judged, in: spite(of: result.fault), observation)
    }

    /// What they are judged on; nothing: there was no answer, and none of them is evaluated.
    package func observation(in result: ProbeResult) -> Observation? {
        let spite = spite(of: result.fault)
        guard spite != .never else { return nil }
        var observation = result.observation ?? Observation()
        if spite == .connection { observation.isConnected = false }
        observation.latency = result.latency
        observation.phases = result.phases
        return observation
    }

    /// What conditions may do although there is a fault.
    private enum Spite {
        /// There is none.
        case nothing
        /// It goes if all that must hold does, and stays otherwise.
        case connection
        /// It goes, whatever they say.
        case status
        /// It stays, unless they say worse.
        case warning
        /// It stays.
        case never
    }

    private func spite(of fault: Fault?) -> Spite {
        guard let fault else { return .nothing }
        return switch (fault.cause, fault.phase) {
        case (.refused, _), (.timeout, .connect), (.unreachable, .connect), (.reset, .connect):
            needs.contains(.connected) ? .connection : .never
        case (.httpStatus, _): needs.contains(.status) ? .status : .never
        case (.vital, _): .warning
        default: .never
        }
    }

    private func judge(_ result: ProbeResult, in spite: Spite, _ observation: Observation) -> ProbeResult {
        let results = evaluate(on: observation)
        let fault = fault(of: results, in: result)
        var judged = result
        judged.conditions = results
        switch spite {
        case .nothing, .status: judged.fault = fault
        case .warning: if fault?.cause == .condition { judged.fault = fault }
        case .connection:
            guard fault?.cause != .condition else { return result }
            judged.fault = fault
        case .never: break
        }
        return judged
    }

    private func evaluate(on observation: Observation) -> [ConditionResult] {
        var view = ObservationView(observation)
        var results: [ConditionResult] = []
        results.reserveCapacity(failing.count + warning.count)
        for condition in failing { results.append(condition.evaluate(on: &view, level: .fail)) }
        for condition in warning { results.append(condition.evaluate(on: &view, level: .warn)) }
        return results
    }

    /// That of the first that does not hold; one that fails goes before all that warn.
    private func fault(of results: [ConditionResult], in result: ProbeResult) -> Fault? {
        let broken = results.filter { $0.verdict != .holds }
        guard let worst = broken.first(where: { $0.level == .fail }) ?? broken.first else { return nil }
        let others = broken.count - 1
        let more = others == 0 ? "" : " (and \(others) \(others == 1 ? "other" : "others"))"
        let room = Self.longestMessage - more.utf8.count
        return Fault(
            worst.level == .fail ? .condition : .conditionWarn,
            in: result.phases.last?.phase ?? .connect, message: worst.message.shown(upTo: room) + more)
    }

    /// Bytes of a fault's message, with room for what marks a cut.
    private static let longestMessage = 1_020
}
