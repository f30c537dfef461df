import VitalsCore

/// At most one manual run of a health check, or test of a channel, within a while, counted from the request
/// that was accepted: scheduled runs have no part in it.
struct ManualCooldown<Subject: Hashable & Sendable>: Sendable {
    private let pause: Duration
    private var accepted: [Subject: Timestamp] = [:]

    /// - Parameter pause: zero: none.
    init(_ pause: Duration) {
        self.pause = pause
    }

    /// Accepts a request, or says how long to wait.
    mutating func apply(_ id: Subject, at now: Timestamp) -> Duration? {
        if let last = accepted[id], now - last < pause { return pause - (now - last) }
        accepted[id] = now
        return nil
    }
}
