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
    ///   - retryAfter: what the receiver asked for; honoured up to the longest wait.
    ///   - now: when the attempt ended.
    package static func next(
        after attempt: Int, created: Timestamp, retryAfter: Duration?, at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) -> Timestamp? {
        precondition(attempt > 0)
        let ceiling = min(first * (1 << min(attempt - 1, 20)), longest)
        // Half fixed, half by chance: never at once, never all together.
        let half = ceiling.microseconds / 2
        let backOff = Duration.microseconds(half + Int64.random(in: 0...half, using: &generator))
        let due = now + max(backOff, min(retryAfter ?? .zero, longest))
        return due - created <= lifetime ? due : nil
    }
}
