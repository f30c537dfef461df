extension Miss {
    /// How many of its slots lie in `range`. They are as far from each other as its first from its second.
    package func slots(in range: Range<Timestamp>) -> Int {
        slots(before: range.upperBound) - slots(before: range.lowerBound)
    }

    /// In which hours it has more slots than before it grew, and how many more; only those that begin before
    /// `end`.
    ///
    /// - Parameter old: what it was; nothing: there was none.
    package func growth(since old: Miss?, before end: Timestamp) -> [(hour: Timestamp, slots: Int)] {
        var growth: [(hour: Timestamp, slots: Int)] = []
        var hour = Tier.hour.start(of: old?.to ?? from)
        while hour < end, hour <= to {
            let span = hour..<hour + Tier.hour.length
            let more = slots(in: span) - (old?.slots(in: span) ?? 0)
            if more > 0 { growth.append((hour, more)) }
            hour = span.upperBound
        }
        return growth
    }

    private func slots(before instant: Timestamp) -> Int {
        guard instant > from else { return 0 }
        guard instant <= to else { return count }
        // Here `from` lies before `to`, so that there are two slots at least.
        let spacing = count > 1 ? (to - from).microseconds / Int64(count - 1) : 0
        guard spacing > 0 else { return count }
        return min(count, Int(((instant - from).microseconds + spacing - 1) / spacing))
    }
}
