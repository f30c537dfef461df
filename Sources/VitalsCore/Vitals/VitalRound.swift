/// Which vitals a run measures besides what it does anyway. A pure function of the run, so that nothing need
/// be remembered of when what was measured.
package enum VitalRound: Sendable, Equatable {
    /// None.
    case none
    /// Those that are due at this slot.
    case slot(interval: Duration)
    /// Those that are measured every minute or more often: a run that confirms another looks again.
    case quick
    /// All.
    case all

    /// What a run of this trigger measures.
    package init(_ trigger: Trigger, interval: Duration) {
        self =
            switch trigger {
            case .scheduled: .slot(interval: interval)
            case .confirm: .quick
            case .initial, .manual: .all
            case .heartbeat: .none
            }
    }

    /// Whether what is measured so often is measured by the run at `at`: at every k-th slot, the first of
    /// which differs between health checks, so that they do not all measure at the same time.
    package func includes(every: Duration, at: Timestamp) -> Bool {
        switch self {
        case .none: return false
        case .quick: return every <= .seconds(60)
        case .all: return true
        case .slot(let interval):
            let step = max(interval.microseconds, 1)
            let slots = (every.microseconds + step - 1) / step
            guard slots > 1 else { return true }
            return (at.microseconds / step) % slots == (at.microseconds % step) % slots
        }
    }
}
