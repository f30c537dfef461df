/// What a start of the node means for one health check: the state is what the store says, so nothing old is
/// told anew; what changed meanwhile starts afresh; slots that came meanwhile are one row of misses.
package enum Restart {
    /// A health check as it was when the store was last written.
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
        let isSame =
            before.revision == configured.revision && before.isEnabled == configured.isEnabled
            && before.interval == configured.policy.interval && before.formerID == nil
        var consequences = isSame ? missed : [.register] + missed
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

    /// The slots since the last one that is accounted for, on the grid that held then.
    private static func missed(_ id: HealthCheckID, _ before: Before, at now: Timestamp) -> Miss? {
        let grid = SlotGrid(before.formerID ?? id, every: before.interval)
        let first = grid.next(after: max(before.newest ?? before.registered, before.registered))
        let last = grid.latest(at: now)
        let count = grid.count(from: first, through: last)
        return count > 0 ? Miss(of: id, from: first, to: last, count: count, reason: .notRunning) : nil
    }
}
