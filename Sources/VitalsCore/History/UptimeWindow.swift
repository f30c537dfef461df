/// Over how long uptime is told, back from now.
package enum UptimeWindow: String, Sendable, CaseIterable {
    case day = "24h"
    case week = "7d"
    case month = "30d"

    package var length: Duration {
        switch self {
        case .day: .seconds(86_400)
        case .week: .seconds(7 * 86_400)
        case .month: .seconds(30 * 86_400)
        }
    }

    /// What it covers at `now`.
    package func range(before now: Timestamp) -> Range<Timestamp> {
        now - length..<now
    }
}
