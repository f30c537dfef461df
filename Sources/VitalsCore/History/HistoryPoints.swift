/// A stretch of a health check's time in at most so many points of one width, as a chart shows it. Each has
/// what came of its time; one without anything is a gap, and stays in its place.
///
/// Runs that are still kept one by one lie in the range that was asked for, to the microsecond. Where only
/// hours or days are left, a point is as wide as one of them or several, and one that the range cuts counts
/// whole: then the points begin before the range, or end after it, and say so.
package struct HistoryPoints: Sendable, Equatable {
    package struct Point: Sendable, Equatable {
        package let from: Timestamp
        /// Where the next one begins.
        package let to: Timestamp
        package fileprivate(set) var tally = Tally()
    }

    /// Without a gap between them, the oldest first.
    package private(set) var points: [Point]

    package static let most = 500

    private let origin: Timestamp
    private let width: Duration

    /// - Parameters:
    ///   - range: not empty.
    ///   - count: 1 to `most`.
    package init(_ past: Past, over range: Range<Timestamp>, count: Int) {
        precondition(!range.isEmpty)
        precondition((1...Self.most).contains(count))
        let wholes = past.wholes.filter { $0.span.overlaps(range) }
        let begin = min(range.lowerBound, wholes.first?.span.lowerBound ?? range.lowerBound)
        let end = max(range.upperBound, wholes.last?.span.upperBound ?? range.upperBound)
        let coarsest = wholes.map(\.tier).max { $0.length < $1.length }
        origin = coarsest?.start(of: begin) ?? begin
        let grain = coarsest?.length ?? .microseconds(1)
        width = Self.width(of: end - origin, in: count, grain: grain)
        points = []
        var from = begin
        while from < end {
            let place = (from - origin).microseconds / width.microseconds
            let to = min(end, origin + width * Int(place + 1))
            points.append(Point(from: from, to: to))
            from = to
        }
        for whole in wholes { points[place(of: whole.span.lowerBound)].tally.merge(whole.tally) }
        var samples = past.samples[...]
        for stretch in Self.between(wholes.map(\.span), in: range) {
            samples = samples.drop { $0.at < stretch.lowerBound }
            for sample in samples.prefix(while: { $0.at < stretch.upperBound }) {
                points[place(of: sample.at)].tally.add(sample)
            }
            for miss in past.misses { add(miss, in: stretch) }
        }
    }

    /// What came of all of it.
    package var tally: Tally {
        points.reduce(into: Tally()) { $0.merge($1.tally) }
    }

    private func place(of instant: Timestamp) -> Int {
        let first = (points[0].from - origin).microseconds / width.microseconds
        return Int((instant - origin).microseconds / width.microseconds - first)
    }

    /// Its slots in a stretch that is told of by nothing else.
    private mutating func add(_ miss: Miss, in stretch: Range<Timestamp>) {
        guard miss.from < stretch.upperBound, miss.to >= stretch.lowerBound else { return }
        let first = place(of: max(miss.from, stretch.lowerBound))
        let last = min(place(of: miss.to), points.count - 1)
        for place in first...max(first, last) {
            let span = (points[place].from..<points[place].to).clamped(to: stretch)
            points[place].tally.missed += Int64(miss.slots(in: span))
        }
    }

    /// The least multiple of `grain` of which `count` are as long as `length`.
    private static func width(of length: Duration, in count: Int, grain: Duration) -> Duration {
        let grains = (length.microseconds + grain.microseconds - 1) / grain.microseconds
        return grain * Int((grains + Int64(count) - 1) / Int64(count))
    }

    /// What `spans`, in their order, leave of `range`.
    private static func between(_ spans: [Range<Timestamp>], in range: Range<Timestamp>) -> [Range<Timestamp>]
    {
        var left: [Range<Timestamp>] = []
        var from = range.lowerBound
        for span in spans {
            if from < span.lowerBound { left.append(from..<span.lowerBound) }
            from = max(from, span.upperBound)
        }
        if from < range.upperBound { left.append(from..<range.upperBound) }
        return left
    }
}
