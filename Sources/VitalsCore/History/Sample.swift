/// What history keeps of a run: when, what came of it, and how long it took.
package struct Sample: Sendable, Equatable {
    package let at: Timestamp
    package let outcome: Outcome
    package let latency: Duration

    package init(at: Timestamp, outcome: Outcome, latency: Duration) {
        self.at = at
        self.outcome = outcome
        self.latency = latency
    }

    package init(_ run: Run) {
        self.init(at: run.at, outcome: run.outcome, latency: run.result.latency)
    }
}
