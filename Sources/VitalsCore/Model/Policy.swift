/// How many runs in a row it takes to change a state. Inconclusive runs and misses neither count nor break it.
package struct Thresholds: Sendable, Equatable {
    /// Fails in a row that make it unhealthy.
    package let failure: Int
    /// Passes in a row that make it healthy.
    package let success: Int
    /// Runs in a row that were no passes, at least one of them a warn, that make it degraded.
    package let warn: Int
    /// Runs in a row that were no passes, of whatever kind, that make it degraded; nothing: no such rule.
    package let degraded: Int?

    package init(failure: Int = 3, success: Int = 1, warn: Int = 3, degraded: Int? = nil) {
        precondition(failure > 0)
        precondition(success > 0)
        precondition(warn > 0)
        precondition((degraded ?? 1) > 0)
        self.failure = failure
        self.success = success
        self.warn = warn
        self.degraded = degraded
    }

    package var highest: Int { max(failure, success, warn, degraded ?? 1) }
}

/// When a health check runs and how its runs are judged.
package struct Policy: Sendable, Equatable {
    package let interval: Duration
    package let timeout: Duration
    package let thresholds: Thresholds
    /// From the end of a run that disagrees with the state to the run that confirms it; nothing: off.
    package let confirmEvery: Duration?

    package init(interval: Duration, timeout: Duration, thresholds: Thresholds, confirmEvery: Duration?) {
        precondition(interval > .zero)
        precondition(timeout > .zero)
        self.interval = interval
        self.timeout = timeout
        self.thresholds = thresholds
        self.confirmEvery = confirmEvery
    }

    /// Interval ÷ 5, at least 1 s, at most 15 s.
    package static func defaultConfirmEvery(interval: Duration) -> Duration {
        min(max(interval / 5, .seconds(1)), .seconds(15))
    }

    /// How long a state holds without a conclusive run: three intervals, at least 30 s.
    package var maximumAge: Duration { max(interval * 3, .seconds(30)) }
}
