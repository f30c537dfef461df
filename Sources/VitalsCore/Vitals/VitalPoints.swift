/// What became of one vital over a stretch of time, in points of one width, as a chart shows it. One in which
/// nothing was measured is a gap, and stays in its place.
package struct VitalPoints: Sendable, Equatable {
    package struct Point: Sendable, Equatable {
        package let from: Timestamp
        /// Where the next one begins.
        package let to: Timestamp
        /// How often it was measured.
        package fileprivate(set) var count = 0
        package fileprivate(set) var minimum = 0.0
        package fileprivate(set) var maximum = 0.0
        package fileprivate(set) var last = 0.0
        fileprivate var sum = 0.0

        /// Nothing of nothing.
        package var mean: Double? { count == 0 ? nil : sum / Double(count) }

        fileprivate mutating func add(_ value: Double) {
            minimum = count == 0 ? value : min(minimum, value)
            maximum = count == 0 ? value : max(maximum, value)
            last = value
            sum += value
            count += 1
        }
    }

    /// Without a gap between them, the oldest first.
    package private(set) var points: [Point] = []
    private let begin: Timestamp
    private let width: Duration

    /// - Parameters:
    ///   - range: not empty.
    ///   - count: 1 to `HistoryPoints.most`.
    package init(over range: Range<Timestamp>, count: Int) {
        precondition(!range.isEmpty)
        precondition((1...HistoryPoints.most).contains(count))
        begin = range.lowerBound
        let length = (range.upperBound - range.lowerBound).microseconds
        width = .microseconds((length + Int64(count) - 1) / Int64(count))
        var from = range.lowerBound
        while from < range.upperBound {
            let to = min(range.upperBound, from + width)
            points.append(Point(from: from, to: to))
            from = to
        }
    }

    /// Takes in readings, ascending, of the range; those without a value are passed over.
    package mutating func add(_ readings: [VitalReading]) {
        for reading in readings {
            guard let value = reading.value, reading.at >= begin else { continue }
            let place = Int((reading.at - begin).microseconds / width.microseconds)
            guard points.indices.contains(place) else { continue }
            points[place].add(value)
        }
    }
}
