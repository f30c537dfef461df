/// When a target is expected to ping, and how late it may be.
package struct HeartbeatSchedule: Sendable, Equatable {
    package enum Rhythm: Sendable, Equatable {
        /// So long after the ping before it.
        case every(Duration)
        case cron(CronExpression)
    }

    package let rhythm: Rhythm
    /// How late a ping may be, and how long a job may take that said that it began.
    package let grace: Duration

    package static let periods = Duration.seconds(1)...(.seconds(365 * 86_400))
    package static let usualPeriod = Duration.seconds(86_400)
    package static let usualGrace = Duration.seconds(3_600)

    /// An hour, but never more than the period, nor less than 10 s.
    package static func usualGrace(period: Duration) -> Duration {
        max(min(usualGrace, period), .seconds(10))
    }

    package init(_ rhythm: Rhythm = .every(usualPeriod), grace: Duration = usualGrace) {
        precondition(grace > .zero)
        if case .every(let period) = rhythm { precondition(Self.periods.contains(period)) }
        self.rhythm = rhythm
        self.grace = grace
    }

    /// When the next ping is expected after one of this instant; nothing when none ever is.
    package func expected(after instant: Timestamp) -> Timestamp? {
        switch rhythm {
        case .every(let period): instant + period
        case .cron(let expression): expression.next(after: instant)
        }
    }
}
