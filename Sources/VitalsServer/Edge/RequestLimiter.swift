import Synchronization
import VitalsCore

/// How often each client may ask for what anybody may ask for. Whoever is on this machine is not counted: all
/// that come through a proxy here that is not trusted would be one.
final class RequestLimiter: Sendable {
    private let state: Mutex<RateLimiter<IPAddress>>

    init(_ limit: RateLimit, room: Int = 4_096) {
        state = Mutex(RateLimiter(limit, room: room))
    }

    /// Throws `too_many_requests` when somebody asks too often.
    func admit(_ client: Client, at now: Timestamp) throws(Problem) {
        guard let client = client.counted, !client.isLoopback else { return }
        guard let wait = state.withLock({ $0.admit(client, at: now) }) else { return }
        throw Problem(
            .tooManyRequests, "You ask too often.",
            retryAfterSeconds: max(1, (wait.microseconds + 999_999) / 1_000_000))
    }
}
