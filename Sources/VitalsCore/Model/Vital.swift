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
    /// Why there is no value.
    package let reason: String?

    package init(
        _ name: String, _ value: Double?, unit: String = "", warn: ThresholdRange? = nil,
        critical: ThresholdRange? = nil, minimum: Double? = nil, maximum: Double? = nil,
        reason: String? = nil
    ) {
        self.name = name
        self.value = value
        self.unit = unit
        self.warn = warn?.text
        self.critical = critical?.text
        self.minimum = minimum
        self.maximum = maximum
        self.reason = reason
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
}
