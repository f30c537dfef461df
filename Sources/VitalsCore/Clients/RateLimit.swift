/// How often somebody may ask: as if each had a bucket of tokens that fills steadily and is full at first.
package struct RateLimit: Sendable, Equatable {
    /// How long until one more token is in the bucket.
    package let interval: Duration
    /// How many tokens it holds.
    package let burst: Int

    package init(perSecond: Int, burst: Int) {
        precondition(perSecond > 0)
        precondition(burst > 0)
        interval = .microseconds(1_000_000 / Int64(perSecond))
        self.burst = burst
    }
}

/// Who has asked how often, for as many clients as there is room. Of each only the instant is kept at which
/// its bucket is full again (GCRA, ITU-T I.371), so that nothing has to be refilled.
package struct RateLimiter<Key: Hashable & Sendable>: Sendable {
    private let limit: RateLimit
    private let room: Int
    /// Those seen lately, and those seen before them: when there is no more room, the second go all at once.
    /// Whoever is forgotten has a full bucket.
    private var recent: [Key: Timestamp] = [:]
    private var earlier: [Key: Timestamp] = [:]

    /// - Parameter room: half of the clients that are kept at most.
    package init(_ limit: RateLimit, room: Int) {
        precondition(room > 0)
        self.limit = limit
        self.room = room
    }

    /// How many clients are kept.
    package var count: Int { recent.count + earlier.count }

    /// Somebody asks.
    ///
    /// - Returns: how long they have to wait; nothing: they may.
    package mutating func admit(_ key: Key, at now: Timestamp) -> Duration? {
        let full = max(recent[key] ?? earlier[key] ?? now, now)
        let earliest = full - limit.interval * (limit.burst - 1)
        keep(key, until: earliest <= now ? full + limit.interval : full)
        return earliest <= now ? nil : earliest - now
    }

    private mutating func keep(_ key: Key, until full: Timestamp) {
        if recent[key] == nil, recent.count >= room {
            earlier = recent
            recent = [:]
        }
        earlier[key] = nil
        recent[key] = full
    }
}
