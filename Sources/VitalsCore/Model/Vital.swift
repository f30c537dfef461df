/// One measured sign of a target: connections used, replication lag, whatever a plugin counts.
package struct Vital: Sendable, Equatable {
    package var name: String
    /// Nothing when it could not be measured; `reason` then says why.
    package let value: Double?
    /// As it was measured: `s`, `ms`, `%`, `B`, `c` (a counter) ...; empty when there is none.
    package let unit: String
    /// What its thresholds make of it; nothing when it has none.
    package let state: State?
    /// Outside these ranges it degrades, or is a failure: `80`, `10:`, `~:5`, `@10:20`. Their direction is
    /// in them.
    package let warn: String?
    package let critical: String?
    package let minimum: Double?
    package let maximum: Double?
    /// Why there is no value, and what would mend it.
    package private(set) var reason: String?
    /// What a person would want to see beside a bad value: who holds the connections, who blocks; scrubbed,
    /// at most 1 KiB.
    package private(set) var detail: String?

    package init(
        _ name: String, _ value: Double?, unit: String = "", warn: ThresholdRange? = nil,
        critical: ThresholdRange? = nil, minimum: Double? = nil, maximum: Double? = nil,
        reason: String? = nil, detail: String? = nil
    ) {
        self.name = name
        self.value = value
        self.unit = unit
        self.warn = warn?.text
        self.critical = critical?.text
        self.minimum = minimum
        self.maximum = maximum
        self.reason = reason
        self.detail = detail
        guard warn != nil || critical != nil else {
            state = nil
            return
        }
        state =
            if let value {
                critical.map { $0.alerts(at: value) } ?? false
                    ? .unhealthy : warn.map { $0.alerts(at: value) } ?? false ? .degraded : .healthy
            } else {
                .unknown
            }
    }

    /// As it was kept.
    package init(
        restoring name: String, _ value: Double?, unit: String, state: State?, warn: String?,
        critical: String?, minimum: Double?, maximum: Double?, reason: String?, detail: String?
    ) {
        self.name = name
        self.value = value
        self.unit = unit
        self.state = state
        self.warn = warn
        self.critical = critical
        self.minimum = minimum
        self.maximum = maximum
        self.reason = reason
        self.detail = detail
    }

    private init(_ vital: Vital, _ state: State?, warn: String?, critical: String?) {
        name = vital.name
        value = vital.value
        unit = vital.unit
        self.state = state
        self.warn = warn
        self.critical = critical
        minimum = vital.minimum
        maximum = vital.maximum
        reason = vital.reason
        detail = vital.detail
    }

    /// What a rule made of it.
    func judged(_ state: State?, by rule: VitalRule) -> Vital {
        Vital(self, state, warn: rule.warnRange, critical: rule.criticalRange)
    }

    /// The same, its words made fit to be shown.
    package func shown(_ fit: (String) -> String) -> Vital {
        var vital = self
        vital.name = fit(name)
        vital.reason = reason.map(fit)
        vital.detail = detail.map(fit)
        return vital
    }

    /// The same, with what a person would want to see beside it.
    package func explained(by detail: String) -> Vital {
        var vital = self
        vital.detail = detail
        return vital
    }
}
