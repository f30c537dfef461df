import VitalsCore

/// When the ages of states are looked at, and from when they count.
struct Lookout: Sendable {
    /// The node's start, or the last time when it was itself asleep.
    private var baseline: Timestamp
    private var last: Timestamp

    private static let pause: Duration = .seconds(1)
    /// Whoever was asleep for longer cannot say that others did not answer.
    private static let longestSleep: Duration = .seconds(5)

    init(at now: Timestamp) {
        baseline = now
        last = now
    }

    /// From when on somebody has been listening.
    mutating func listening(at now: Timestamp) -> Timestamp {
        if now - last > Self.longestSleep { baseline = now }
        return baseline
    }

    /// Time has come to `now`.
    ///
    /// - Returns: from when ages count, if it is time to look at them.
    mutating func look(at now: Timestamp) -> Timestamp? {
        if now - last > Self.longestSleep { baseline = now }
        guard now - last >= Self.pause || now == baseline else { return nil }
        last = now
        return baseline
    }
}
