/// The latest value of each vital of one health check, and what its edges make of it. A vital that is
/// measured at every tenth slot is known at the nine in between: while it is past its edge, so are they.
package struct KnownVitals: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        /// As it was measured last, or why it was not.
        package let vital: Vital
        /// Of the run that tried last.
        package let triedAt: Timestamp
        /// Of the run that measured it last; nothing: none ever did.
        package let measuredAt: Timestamp?
        /// How bad it was when it was measured last; nothing: it has no edges.
        package let level: State?

        package init(_ vital: Vital, triedAt: Timestamp, measuredAt: Timestamp?, level: State?) {
            self.vital = vital
            self.triedAt = triedAt
            self.measuredAt = measuredAt
            self.level = level
        }

        /// Whether it is past an edge.
        var isBad: Bool { level == .degraded || level == .unhealthy }
    }

    /// By their names, in the order of these.
    package private(set) var entries: [Entry]

    package init(_ entries: [Entry] = []) {
        self.entries = entries
    }

    package subscript(name: String) -> Entry? {
        index(of: name).map { entries[$0] }
    }

    package var isEmpty: Bool { entries.isEmpty }

    /// Takes in what a run measured.
    ///
    /// - Returns: the run with what it measured judged, and with everything that stands past its edge among
    ///   its findings; where it is otherwise a pass, that is its fault. To a run that fails, or
    ///   tells nothing of its target, nothing is added.
    package mutating func judge(_ run: Run, _ policy: Policy) -> Run {
        guard !(run.result.vitals.isEmpty && entries.isEmpty) else { return run }
        guard run.outcome == .pass || run.outcome == .warn else { return learn(from: run, policy) }
        return run.with(
            judge(run.result, policy.vitals, keptFor: policy.maximumAge, at: run.at))
    }

    /// What a failed run measured is known as well: its verdict may be on something else.
    private mutating func learn(from run: Run, _ policy: Policy) -> Run {
        guard run.outcome == .fail, !run.result.vitals.isEmpty else { return run }
        var result = run.result
        result.vitals = take(result.vitals, policy.vitals, at: run.at)
        return run.with(result)
    }

    /// The same, of a result that is a pass or a warn.
    ///
    /// - Parameter age: what no rule says a cadence of is forgotten after so long.
    package mutating func judge(
        _ found: ProbeResult, _ rules: [VitalRule], keptFor age: Duration, at now: Timestamp
    ) -> ProbeResult {
        var result = found
        if !result.vitals.isEmpty { result.vitals = take(result.vitals, rules, at: now) }
        forget(rules, age, at: now)
        let standing = alarming
        guard !standing.isEmpty else { return result }
        result.findings += standing.map { entry in
            let severity: Finding.Severity = entry.level == .unhealthy ? .critical : .warning
            return Finding(.vital, severity, message(of: entry, rules))
        }
        if result.fault == nil, let worst = standing.first {
            let others = standing.count - 1
            let more = others == 0 ? "" : " (and \(others) \(others == 1 ? "other" : "others"))"
            result.fault = Fault(
                .vital, in: .vitals, code: worst.vital.name, message: message(of: worst, rules) + more)
        }
        return result
    }

    /// Those past an edge, the worst first.
    package var alarming: [Entry] {
        guard entries.contains(where: \.isBad) else { return [] }
        return entries.filter { $0.level == .unhealthy } + entries.filter { $0.level == .degraded }
    }

    // MARK: Measured

    /// What is measured, and what follows from it.
    private mutating func take(_ measured: [Vital], _ rules: [VitalRule], at now: Timestamp) -> [Vital] {
        let before = self
        var judged: [Vital] = []
        for vital in measured {
            let rule = rules.first { $0.name == vital.name && $0.source.isAsked }
            judged.append(enter(vital, rule, at: now))
        }
        let names = Set(measured.map(\.name))
        for rule in rules where rule.counters.contains(where: names.contains) {
            judged.append(enter(derive(rule, from: measured, before, at: now), rule, at: now))
        }
        return judged
    }

    /// Keeps a vital, judged by its rule; without one, by what it says of itself.
    private mutating func enter(_ vital: Vital, _ rule: VitalRule?, at now: Timestamp) -> Vital {
        let known = self[vital.name]
        let level = rule.map { $0.level(at: vital.value, was: known?.level) } ?? vital.state
        let judged = rule.map { vital.judged(vital.value == nil ? .unknown : level, by: $0) } ?? vital
        let entry = Entry(
            judged, triedAt: now, measuredAt: vital.value == nil ? known?.measuredAt : now, level: level)
        if let index = index(of: vital.name) {
            entries[index] = entry
        } else {
            let index = entries.firstIndex { $0.vital.name > vital.name } ?? entries.endIndex
            entries.insert(entry, at: index)
        }
        return judged
    }

    /// What is measured too rarely, or not at all any more, is forgotten.
    private mutating func forget(_ rules: [VitalRule], _ age: Duration, at now: Timestamp) {
        let lately = now.microseconds - age.microseconds
        func isTooOld(_ entry: Entry, _ instant: Timestamp) -> Bool {
            guard instant.microseconds < lately else { return false }
            let every = rules.first { $0.name == entry.vital.name }?.every ?? .zero
            return instant + every * 3 < now
        }
        guard entries.contains(where: { isTooOld($0, $0.triedAt) || $0.isBad }) else { return }
        entries.removeAll { isTooOld($0, $0.triedAt) }
        for (index, entry) in entries.enumerated() where entry.isBad {
            guard let measured = entry.measuredAt, isTooOld(entry, measured) else { continue }
            // It was bad, and nobody could look again for so long: what it is now is not known.
            entries[index] = Entry(
                entry.vital, triedAt: entry.triedAt, measuredAt: entry.measuredAt, level: .unknown)
        }
    }

    private func derive(
        _ rule: VitalRule, from measured: [Vital], _ before: KnownVitals, at now: Timestamp
    ) -> Vital {
        func unknown(_ reason: String) -> Vital { Vital(rule.name, nil, unit: rule.unit, reason: reason) }
        var growth: [String: Double] = [:]
        var since = now
        for counter in rule.counters {
            guard let vital = measured.first(where: { $0.name == counter }), let value = vital.value else {
                return unknown(measured.first { $0.name == counter }?.reason ?? "\(counter) was not measured")
            }
            guard let known = before[counter], let previous = known.vital.value,
                let measuredAt = known.measuredAt, measuredAt < now
            else { return unknown("it takes two measurements") }
            guard value >= previous || rule.mayShrink else {
                return unknown("\(counter) began again from zero")
            }
            growth[counter] = value - previous
            since = measuredAt
        }
        switch rule.source {
        case .measured, .query: return unknown("not measured")
        case .rate(let counter, let per), .change(let counter, let per):
            let share = Double(per.microseconds) / Double((now - since).microseconds)
            return Vital(rule.name, (growth[counter] ?? 0) * share, unit: rule.unit)
        case .share(let counter, let whole, let least):
            let sum = whole.reduce(0) { $0 + (growth[$1] ?? 0) }
            guard sum > 0, sum >= least else { return unknown("too little happened to tell") }
            return Vital(rule.name, 100 * (growth[counter] ?? 0) / sum, unit: rule.unit)
        }
    }

    private func message(of entry: Entry, _ rules: [VitalRule]) -> String {
        let vital = entry.vital
        let rule = rules.first { $0.name == vital.name }
        let what = rule.map { "\(vital.name) (\($0.summary))" } ?? vital.name
        guard let value = vital.value else {
            let reason = vital.reason.map { ": \($0)" } ?? ""
            return "\(what) was past its edge, and could not be measured again\(reason)"
        }
        let edge = entry.level == .unhealthy ? rule?.critical : rule?.warn
        let side = rule?.bad == .low ? "below" : "above"
        let by = edge.map { ", \(side) \(Number.text($0))\(vital.unit.asUnit)" } ?? ""
        let detail = vital.detail.map { "; \($0)" } ?? ""
        return "\(what) is \(Number.short(value))\(vital.unit.asUnit)\(by)\(detail)".shown(upTo: 1_000)
    }

    private func index(of name: String) -> Int? {
        entries.firstIndex { $0.vital.name == name }
    }
}

extension ProbeResult {
    /// One run by itself, with the verdict on what it measured. What follows from two measurements is not
    /// among it.
    package func judged(by rules: [VitalRule]) -> ProbeResult {
        guard !vitals.isEmpty else { return self }
        var known = KnownVitals()
        return known.judge(
            self, rules.filter(\.counters.isEmpty), keptFor: .seconds(1), at: Timestamp(microseconds: 0))
    }
}

extension VitalRule {
    /// Whether that from which it follows is no counter.
    fileprivate var mayShrink: Bool { if case .change = source { true } else { false } }

    /// What its edges make of a value; what cannot be measured stays what it was.
    ///
    /// - Returns: nothing where there is no edge.
    fileprivate func level(at value: Double?, was level: State?) -> State? {
        guard warn != nil || critical != nil else { return nil }
        guard let value else { return level ?? .unknown }
        let back = clear ?? warn ?? critical ?? 0
        if let critical {
            // From critical it comes back to a warning as soon as it is on the near side of that edge.
            var gauge = Hysteresis(
                edge: critical, clear: warn == nil ? back : critical, isFiring: level == .unhealthy)
            if gauge.apply(value, bad: bad) { return .unhealthy }
        }
        if let warn {
            var gauge = Hysteresis(
                edge: warn, clear: back, isFiring: level == .degraded || level == .unhealthy)
            if gauge.apply(value, bad: bad) { return .degraded }
        }
        return .healthy
    }
}

extension String {
    /// Put behind a number: a space and the unit, except for what is counted.
    fileprivate var asUnit: String { isEmpty || self == "c" ? "" : " \(self)" }
}
