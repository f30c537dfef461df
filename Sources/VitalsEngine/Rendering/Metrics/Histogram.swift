import VitalsCore

/// How many of some durations were how long, at most.
package struct Histogram: Sendable, Equatable {
    /// Rising.
    let bounds: [Duration]
    /// Not added up; one more than there are bounds.
    private(set) var counts: [Int]
    private(set) var sum: Duration = .zero

    package init(_ bounds: [Duration]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// One more; a negative one counts as none at all.
    package mutating func add(_ duration: Duration) {
        counts[bounds.firstIndex { duration <= $0 } ?? bounds.count] += 1
        sum += max(.zero, duration)
    }
}
