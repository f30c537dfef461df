/// What a start of the node means for one health check: the state is what the store says, so nothing old is
/// told anew; what changed meanwhile starts afresh; slots that came meanwhile are one row of misses. A change
/// while the node runs means the same, but for what it leaves as it was.
package enum Restart {
    /// A health check as it was when the store was last written, or until the change.
    package struct Before: Sendable, Equatable {
        let revision: Revision
        let interval: Duration
        let isEnabled: Bool
        /// Since when it is as it is: slots count from here.
        let registered: Timestamp
        /// The newest slot that is accounted for, or the newest run: no slot before it is open.
        let newest: Timestamp?
        /// What it was called; nothing: as it is now.
        let formerID: HealthCheckID?

        package init(
            revision: Revision, interval: Duration, isEnabled: Bool, registered: Timestamp,
            newest: Timestamp?, formerID: HealthCheckID? = nil
        ) {
            self.revision = revision
            self.interval = interval
            self.isEnabled = isEnabled
            self.registered = registered
            self.newest = newest
            self.formerID = formerID
        }

        /// Whether nothing was run or missed since it is as it is.
        var isUntried: Bool { newest.map { $0 < registered } ?? true }

        /// Whether its target, its slots and its switch are the same.
        func goesOn(as configured: HealthCheck) -> Bool {
            formerID == nil && revision == configured.revision && isEnabled == configured.isEnabled
                && interval == configured.policy.interval
        }
    }

    package enum Consequence: Sendable, Equatable {
        /// It is new, or its id, revision, interval or switch is another.
        case register
        case remove
        /// Back to `unknown`; an open episode ends.
        case reset(EndReason)
        case missed(Miss)
        /// It has nothing to go by: its first run comes at once.
        case runAtOnce
    }

    /// - Parameters:
    ///   - id: the health check.
    ///   - before: as stored; nothing when it is not known.
    ///   - configured: as it is now; nothing when it was removed.
    package static func consequences(
        for id: HealthCheckID, before: Before?, configured: HealthCheck?, at now: Timestamp
    ) -> [Consequence] {
        guard let before else {
            guard let configured else { return [] }
            return configured.isEnabled ? [.register, .runAtOnce] : [.register]
        }
        let missed: [Consequence] =
            before.isEnabled ? self.missed(id, before, at: now).map { [.missed($0)] } ?? [] : []
        guard let configured else { return missed + [.reset(.removed), .remove] }
        var consequences = before.goesOn(as: configured) ? missed : [.register] + missed
        if before.revision != configured.revision {
            consequences.append(.reset(.reconfigured))
        } else if before.isEnabled && !configured.isEnabled {
            consequences.append(.reset(.disabled))
        }
        let isFresh =
            before.revision != configured.revision || !before.isEnabled || before.isUntried
        if configured.isEnabled && isFresh { consequences.append(.runAtOnce) }
        return consequences
    }

    /// What another configuration means while the node runs. Slots that have come and were not recorded,
    /// whether waiting or in flight, are misses now; what comes of them still is nobody's.
    package static func change(
        of id: HealthCheckID, before: Before?, configured: HealthCheck?, at now: Timestamp
    ) -> [Consequence] {
        if let before, let configured, before.goesOn(as: configured) { return [] }
        return consequences(for: id, before: before, configured: configured, at: now)
    }

    /// The slots since the last one that is accounted for, on the grid that held then.
    private static func missed(_ id: HealthCheckID, _ before: Before, at now: Timestamp) -> Miss? {
        let grid = SlotGrid(before.formerID ?? id, every: before.interval)
        let first = grid.next(after: max(before.newest ?? before.registered, before.registered))
        let last = grid.latest(at: now)
        let count = grid.count(from: first, through: last)
        return count > 0 ? Miss(of: id, from: first, to: last, count: count, reason: .notRunning) : nil
    }
}
