import VitalsCore

@testable import VitalsEngine

/// What must be the same in memory and after a restart.
struct LedgerContent {
    private let evaluations: [HealthCheckID: Evaluation]
    private let lastRuns: [HealthCheckID: Timestamp]
    private let lastMisses: [HealthCheckID: Miss]
    private let unsent: [NotificationID: Notification]
    private let pages: [PageKey: Page]
    private let active: [PageKey: NotificationID]
    private let waiting: [PageKey: NotificationID]
    private let deliveredAt: [PageKey: Timestamp]
    private let heldUntil: [PageKey: Timestamp]
    private let heardAt: [HealthCheckID: Timestamp]

    /// - Parameter cutoff: what is older may have been removed from the store.
    init(_ ledger: Ledger, since cutoff: Timestamp) {
        evaluations = ledger.beliefs.mapValues(\.evaluation)
        // A run that began before a change of its slots is shown until the next one, or a restart.
        lastRuns = ledger.beliefs.compactMapValues { belief in
            belief.lastRun.flatMap { $0.at >= belief.since ?? $0.at ? $0.at : nil }
        }.filter { $0.value >= cutoff }
        lastMisses = ledger.lastMisses.filter { $0.value.to >= cutoff }
        unsent = ledger.unsent
        pages = ledger.pagers.compactMapValues(\.page)
        active = ledger.pagers.compactMapValues(\.active)
        waiting = ledger.pagers.compactMapValues { $0.waiting?.id }
        deliveredAt = ledger.pagers.compactMapValues(\.deliveredAt)
        heldUntil = ledger.pagers.compactMapValues(\.heldUntil)
        heardAt = ledger.heartbeats.compactMapValues(\.lastHeard)
    }

    func differences(from other: LedgerContent) -> [String] {
        compare("evaluation", evaluations, other.evaluations) + compare("last run", lastRuns, other.lastRuns)
            + compare("last miss", lastMisses, other.lastMisses) + compare("unsent", unsent, other.unsent)
            + compare("page", pages, other.pages) + compare("active", active, other.active)
            + compare("waiting", waiting, other.waiting)
            + compare("delivered", deliveredAt, other.deliveredAt)
            + compare("held", heldUntil, other.heldUntil) + compare("heard", heardAt, other.heardAt)
    }

    private func compare<Key: Hashable, Value: Equatable>(
        _ what: String, _ values: [Key: Value], _ others: [Key: Value]
    ) -> [String] {
        guard values != others else { return [] }
        return Set(values.keys).union(others.keys).filter { values[$0] != others[$0] }.map { key in
            let value = values[key].map { "\($0)" } ?? "nothing"
            return "\(what) of \(key): \(value) is loaded as \(others[key].map { "\($0)" } ?? "nothing")"
        }
    }
}
