extension Evaluation {
    /// As it may be shown at `now`: not known any more once nobody has looked for too long, whoever is to
    /// blame. The recorder finds the same and records it; this holds while it cannot.
    ///
    /// - Parameters:
    ///   - lastRun: the newest one, of whatever outcome.
    ///   - start: of the node, before which nobody could look.
    ///   - maximumAge: default: the policy's.
    package func shown(
        _ healthCheck: HealthCheckID, lastRun: Run?, _ policy: Policy, since start: Timestamp,
        maximumAge: Duration? = nil, at now: Timestamp
    ) -> Evaluation {
        var looked = max(lastRun?.endedAt ?? start, start)
        if authFailures > 0, let lastRun {
            // Nobody looks again before this.
            looked = max(looked, lastRun.at + Belief.backOff(after: authFailures, policy.interval))
        }
        // Likewise.
        if let until = lastRun.flatMap({ Belief.pause(after: $0, policy.interval) }) {
            looked = max(looked, until)
        }
        let expiry = looked + (maximumAge ?? policy.maximumAge)
        guard now >= expiry else { return self }
        var aged = self
        _ = aged.expire(healthCheck, at: expiry)
        return aged
    }
}
