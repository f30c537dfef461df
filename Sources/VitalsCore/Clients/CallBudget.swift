/// How many calls may go out under one name (a token, say) within any span of a certain length, whoever makes
/// them. Calls are counted in slices of the span, each of which counts until its last instant is out of it:
/// so the limit holds for every span, and of a name only so many numbers are kept.
package struct CallBudget<Key: Hashable & Sendable>: Sendable {
    package enum Decision: Sendable, Equatable {
        /// The call is counted.
        case granted
        /// So many were made; one more may be after so long.
        case spent(wait: Duration)
        /// Whoever is called wants to be left alone for so long.
        case paused(wait: Duration)
    }

    private struct Account {
        /// Ascending.
        var slices: [(index: Int64, count: Int)] = []
        var pausedUntil: Timestamp?
    }

    /// Calls in any span.
    package let limit: Int
    private let span: Duration
    private let slice: Int64
    private var accounts: [Key: Account] = [:]

    private static var slices: Int64 { 30 }

    package init(limit: Int, per span: Duration) {
        precondition(limit > 0)
        precondition(span.microseconds >= Self.slices)
        self.limit = limit
        self.span = span
        slice = span.microseconds / Self.slices
    }

    /// How many names are kept.
    package var count: Int { accounts.count }

    /// Somebody wants to call.
    ///
    /// - Parameter now: by a clock that does not go back.
    package mutating func take(_ key: Key, at now: Timestamp) -> Decision {
        forget(at: now)
        var account = accounts[key] ?? Account()
        if let until = account.pausedUntil { return .paused(wait: until - now) }
        let made = account.slices.reduce(0) { $0 + $1.count }
        if made >= limit, let oldest = account.slices.first {
            return .spent(wait: end(of: oldest.index) + span - now)
        }
        let index = now.microseconds / slice
        if account.slices.last?.index == index {
            account.slices[account.slices.count - 1].count += 1
        } else {
            account.slices.append((index, 1))
        }
        accounts[key] = account
        return .granted
    }

    /// Whoever is called wants to be left alone.
    package mutating func pause(_ key: Key, until: Timestamp) {
        let before = accounts[key]?.pausedUntil ?? until
        accounts[key, default: Account()].pausedUntil = max(before, until)
    }

    private func end(of index: Int64) -> Timestamp { Timestamp(microseconds: (index + 1) * slice) }

    private mutating func forget(at now: Timestamp) {
        for (key, account) in accounts {
            var account = account
            account.slices.removeAll { end(of: $0.index) + span <= now }
            if let until = account.pausedUntil, until <= now { account.pausedUntil = nil }
            accounts[key] = account.slices.isEmpty && account.pausedUntil == nil ? nil : account
        }
    }
}
