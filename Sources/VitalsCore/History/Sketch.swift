/// How latencies are spread, in so few bytes that it can be kept for years, and still a p95 over a year is
/// one.
///
/// Microseconds are counted in the buckets of an HdrHistogram with two significant digits: up to 256 µs each
/// value has its own, from there on each doubling is cut into 128, so that what is read out is less than
/// 0.4 % beside what was put in. What is longer than ten minutes counts as ten minutes.
package struct Sketch: Sendable, Equatable {
    struct Bucket: Sendable, Equatable {
        let index: Int
        /// Above zero.
        var count: Int64
    }

    /// By their index, none of them empty.
    private(set) var buckets: [Bucket] = []
    /// How many values were put in.
    package private(set) var count: Int64 = 0

    static let significantDigits = 2
    /// Microseconds: the values that can be told apart.
    static let lowest: Int64 = 1
    static let highest: Int64 = 600_000_000
    /// Buckets that there can be: those of `highest`'s doubling and all below it.
    static let places = 3_072

    private static let halfMagnitude = 7
    private static let half: Int64 = 1 << halfMagnitude

    package init() {}

    /// Counts it once.
    package mutating func add(_ latency: Duration) {
        add(1, at: Self.index(of: min(max(latency.microseconds, 0), Self.highest)))
    }

    /// As if everything that was put into `other` had been put into this one.
    package mutating func merge(_ other: Sketch) {
        var merged: [Bucket] = []
        merged.reserveCapacity(buckets.count + other.buckets.count)
        var rest = other.buckets[...]
        for bucket in buckets {
            while let next = rest.first, next.index < bucket.index { merged.append(rest.removeFirst()) }
            var sum = bucket
            if let same = rest.first, same.index == bucket.index {
                sum.count += same.count
                rest.removeFirst()
            }
            merged.append(sum)
        }
        buckets = merged + rest
        count += other.count
    }

    /// The middle of the bucket in which the value lies that this share of all values does not exceed;
    /// nothing when none was put in.
    ///
    /// - Parameter share: 0 to 1; 0.5 is the median.
    package func quantile(_ share: Double) -> Duration? {
        guard let last = buckets.last else { return nil }
        let rank = (share * Double(count)).rounded(.up)
        var passed: Int64 = 0
        let found = buckets.first { bucket in
            passed += bucket.count
            return Double(passed) >= rank
        }
        return .microseconds(Self.middle(of: (found ?? last).index))
    }

    /// - Parameters:
    ///   - count: above zero.
    ///   - index: below `places`.
    mutating func add(_ count: Int64, at index: Int) {
        let place = place(of: index)
        if place < buckets.count, buckets[place].index == index {
            buckets[place].count += count
        } else {
            buckets.insert(Bucket(index: index, count: count), at: place)
        }
        self.count += count
    }

    /// Where the bucket is, or would be.
    private func place(of index: Int) -> Int {
        var (low, high) = (0, buckets.count)
        while low < high {
            let middle = (low + high) / 2
            if buckets[middle].index < index { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Sketch {
    /// - Parameter value: microseconds, 0 to `highest`.
    static func index(of value: Int64) -> Int {
        let doubling = doubling(of: value)
        return ((doubling + 1) << halfMagnitude) + Int(value >> Int64(doubling)) - Int(half)
    }

    /// How often the widths have doubled where this value lies: 0 up to 255.
    private static func doubling(of value: Int64) -> Int {
        Int64.bitWidth - halfMagnitude - 1 - (value | (2 * half - 1)).leadingZeroBitCount
    }

    private static func middle(of index: Int) -> Int64 {
        let doubling = max(0, (index >> halfMagnitude) - 1)
        let first = Int64(index - (doubling << halfMagnitude)) << Int64(doubling)
        return first + (1 << Int64(doubling)) / 2
    }
}
