/// What came of the runs of a stretch of time: how many of each outcome, how many slots were missed, and how
/// long it took to get an answer.
package struct Tally: Sendable, Equatable {
    package var pass: Int64 = 0
    package var warn: Int64 = 0
    package var fail: Int64 = 0
    package var inconclusive: Int64 = 0
    /// Slots.
    package var missed: Int64 = 0
    /// Of passes and warns; nothing when there are none.
    ///
    /// A fail has no part in it: it took no time to be refused or all the time there was, and says neither
    /// way how quick the target is. An inconclusive run says nothing of it at all.
    package var latencies: Latencies?

    package init() {}

    package init(_ samples: some Sequence<Sample>) {
        for sample in samples { add(sample) }
    }

    /// Counts it once.
    package mutating func add(_ sample: Sample) {
        switch sample.outcome {
        case .pass: pass += 1
        case .warn: warn += 1
        case .fail: fail += 1
        case .inconclusive: inconclusive += 1
        }
        guard sample.outcome == .pass || sample.outcome == .warn else { return }
        if latencies?.add(sample.latency) == nil { latencies = Latencies(sample.latency) }
    }

    /// As if everything that was added to `other` had been added to this one.
    package mutating func merge(_ other: Tally) {
        pass += other.pass
        warn += other.warn
        fail += other.fail
        inconclusive += other.inconclusive
        missed += other.missed
        guard let others = other.latencies else { return }
        if latencies?.merge(others) == nil { latencies = others }
    }

    /// Runs and missed slots.
    package var total: Int64 { pass + warn + fail + inconclusive + missed }

    package var isEmpty: Bool { total == 0 }

    /// The share of the runs that tell anything of the target in which it was there: a warn counts as there,
    /// what is inconclusive or missed does not count. Nothing when no run tells anything.
    package var uptime: Double? {
        let conclusive = pass + warn + fail
        return conclusive > 0 ? Double(pass + warn) / Double(conclusive) : nil
    }
}

/// How long answers took.
package struct Latencies: Sendable, Equatable {
    package private(set) var sum: Duration
    package private(set) var min: Duration
    package private(set) var max: Duration
    package private(set) var sketch: Sketch

    package init(_ latency: Duration) {
        (sum, min, max) = (latency, latency, latency)
        sketch = Sketch()
        sketch.add(latency)
    }

    /// As they were kept.
    package init(sum: Duration, min: Duration, max: Duration, sketch: Sketch) {
        self.sum = sum
        self.min = min
        self.max = max
        self.sketch = sketch
    }

    mutating func add(_ latency: Duration) {
        sum += latency
        min = Swift.min(min, latency)
        max = Swift.max(max, latency)
        sketch.add(latency)
    }

    mutating func merge(_ other: Latencies) {
        sum += other.sum
        min = Swift.min(min, other.min)
        max = Swift.max(max, other.max)
        sketch.merge(other.sketch)
    }

    /// Out of the sketch, but never below the least or above the greatest latency.
    ///
    /// - Parameter share: 0 to 1; 0.5 is the median.
    package func quantile(_ share: Double) -> Duration {
        Swift.min(Swift.max(sketch.quantile(share) ?? min, min), max)
    }
}

/// A tally of an hour or a day.
package struct RolledUp: Sendable, Equatable {
    package let start: Timestamp
    package let tally: Tally

    package init(start: Timestamp, tally: Tally) {
        self.start = start
        self.tally = tally
    }
}
