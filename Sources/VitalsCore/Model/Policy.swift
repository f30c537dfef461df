/// When a health check runs and how its runs are judged.
package struct Policy: Sendable, Equatable {
    package let interval: Duration
    package let timeout: Duration
    package let thresholds: Thresholds
    /// From the end of a run that disagrees with the state to the run that confirms it; nothing: off.
    package let confirmEvery: Duration?
    /// What is measured of the target besides, and how it is judged, each name once.
    package let vitals: [VitalRule]
    /// Which part the target is to have, where it is a database.
    package let role: ExpectedRole

    package init(
        interval: Duration, timeout: Duration, thresholds: Thresholds, confirmEvery: Duration?,
        vitals: [VitalRule] = [], role: ExpectedRole = .any
    ) {
        precondition(interval > .zero)
        precondition(timeout > .zero)
        self.interval = interval
        self.timeout = timeout
        self.thresholds = thresholds
        self.confirmEvery = confirmEvery
        self.vitals = vitals
        self.role = role
    }

    /// Interval ÷ 5, at least 1 s, at most 15 s.
    package static func defaultConfirmEvery(interval: Duration) -> Duration {
        min(max(interval / 5, .seconds(1)), .seconds(15))
    }

    /// How long a state holds without a conclusive run: three intervals, at least 30 s.
    package var maximumAge: Duration { max(interval * 3, .seconds(30)) }
}
