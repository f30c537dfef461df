/// What a store still knows of a stretch of one health check's time: days and hours that were rolled up, and
/// runs and misses. They may tell of the same time; the finest that is whole counts.
package struct Past: Sendable, Equatable {
    /// By their starts; those that have nothing to tell are not there.
    package var days: [RolledUp] = []
    package var hours: [RolledUp] = []
    /// By their instants.
    package var samples: [Sample] = []
    package var misses: [Miss] = []

    package init() {}

    /// Whether single runs are worth reading for such a range, or at least hours: where a chart cannot show
    /// them they are only work.
    package static func finest(over range: Range<Timestamp>) -> Tier? {
        let length = range.upperBound - range.lowerBound
        if length <= .seconds(48 * 3_600) { return nil }
        return length <= .seconds(62 * 86_400) ? .hour : .day
    }

    /// The days and hours that count as wholes, because not all that they were rolled up from is there; with
    /// their lengths.
    var wholes: [(span: Range<Timestamp>, tier: Tier, tally: Tally)] {
        let ofHours = Dictionary(hours.map { (Tier.day.start(of: $0.start), $0.tally.total) }) { $0 + $1 }
        let wholeDays = days.filter { ofHours[$0.start, default: 0] < $0.tally.total }
        let inDays = Set(wholeDays.map(\.start))
        let ofRuns = Dictionary(samples.map { (Tier.hour.start(of: $0.at), Int64(1)) }) { $0 + $1 }
        let wholeHours = hours.filter { hour in
            guard !inDays.contains(Tier.day.start(of: hour.start)) else { return false }
            let runs = ofRuns[hour.start, default: 0]
            return runs < hour.tally.total && runs + slots(in: hour) < hour.tally.total
        }
        let wholes = wholeDays.map { ($0, Tier.day) } + wholeHours.map { ($0, .hour) }
        return wholes.map { piece, tier in
            (piece.start..<piece.start + tier.length, tier, piece.tally)
        }.sorted { $0.span.lowerBound < $1.span.lowerBound }
    }

    private func slots(in hour: RolledUp) -> Int64 {
        let span = hour.start..<hour.start + Tier.hour.length
        return misses.reduce(0) { $0 + Int64($1.slots(in: span)) }
    }
}
