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

extension Miss {
    /// How many of its slots lie in `range`. They are as far from each other as its first from its second.
    package func slots(in range: Range<Timestamp>) -> Int {
        slots(before: range.upperBound) - slots(before: range.lowerBound)
    }

    private func slots(before instant: Timestamp) -> Int {
        guard instant > from else { return 0 }
        guard instant <= to else { return count }
        // Here `from` lies before `to`, so that there are two slots at least, or they are not to be told apart.
        let spacing = count > 1 ? (to - from).microseconds / Int64(count - 1) : 0
        guard spacing > 0 else { return count }
        return min(count, Int(((instant - from).microseconds + spacing - 1) / spacing))
    }
}
