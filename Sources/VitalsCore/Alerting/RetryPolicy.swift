/// When a failed delivery is tried again: exponential back-off with jitter, from 1 s to 15 min, for 24 h.
package enum RetryPolicy {
    private static let first: Duration = .seconds(1)
    private static let longest: Duration = .seconds(15 * 60)
    private static let lifetime: Duration = .seconds(24 * 3_600)

    /// The instant of the next attempt; nothing once the notification is a day old.
    ///
    /// - Parameters:
    ///   - attempt: the number of the attempt that failed, from 1.
    ///   - created: when the notification was made.
    ///   - retryAfter: what the receiver asked for; honoured, but the last attempt is made within the day.
    ///   - now: when the attempt ended.
    package static func next(
        after attempt: Int, created: Timestamp, retryAfter: Duration?, at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) -> Timestamp? {
        precondition(attempt > 0)
        let least = min(first * (1 << min(attempt - 1, 20)), longest / 2)
        // Up to twice the least, by chance: never all together.
        let backOff = least + .microseconds(Int64.random(in: 0...least.microseconds, using: &generator))
        let end = created + lifetime
        guard now + backOff <= end else { return nil }
        return min(now + max(backOff, min(retryAfter ?? .zero, lifetime)), end)
    }
}
