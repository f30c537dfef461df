package import VitalsCore
package import VitalsEngine

extension MemoryTables {
    /// Makes hours and days of what ended before `instant`; begins with no more once it has seen `limit`
    /// rows.
    package mutating func rollUp(before instant: Timestamp, limit: Int) -> RollUp {
        var left = limit
        let oldest = healthChecks.values.flatMap { [$0.runs.first?.at, $0.misses.first?.from] }
            .compactMap(\.self).min()
        let begin = until[.hour] ?? Tier.hour.start(of: min(oldest ?? instant, instant))
        until[.hour] = begin
        until[.day] = until[.day] ?? Tier.day.start(of: begin)
        while left > 0, let hour = next(.hour, before: instant) {
            for id in healthChecks.keys { left -= healthChecks[id]?.rollUp(hour: hour) ?? 0 }
        }
        while left > 0, let day = next(.day, before: until[.hour] ?? instant) {
            for id in healthChecks.keys { left -= healthChecks[id]?.rollUp(day: day) ?? 0 }
        }
        return RollUp(
            hoursUntil: until[.hour] ?? begin, daysUntil: until[.day] ?? begin, isDone: left > 0)
    }

    /// The next hour or day to be made, which then counts as made; nothing when there is none that is over.
    private mutating func next(_ tier: Tier, before instant: Timestamp) -> Timestamp? {
        let end = tier.start(of: instant)
        guard let begin = until[tier], begin < end else { return nil }
        let starts = healthChecks.values.compactMap { $0.next(tier, from: begin) }
        guard let next = starts.min(), next < end else {
            until[tier] = end
            return nil
        }
        until[tier] = next + tier.length
        return next
    }

    /// Removes hours or days that begin before `cutoff`.
    ///
    /// - Returns: how many went, at most `limit`.
    package mutating func prune(_ tier: Tier, before cutoff: Timestamp, limit: Int) -> Int {
        var left = limit
        for id in healthChecks.keys.sorted() {
            let old = healthChecks[id]?.tallies[tier]?.keys.filter { $0 < cutoff }.sorted() ?? []
            for start in old.prefix(left) { healthChecks[id]?.tallies[tier]?[start] = nil }
            left -= min(left, old.count)
        }
        return limit - left
    }
}

extension MemoryTables.Row {
    /// The first hour or day from `begin` on of which there is anything to tell.
    fileprivate func next(_ tier: Tier, from begin: Timestamp) -> Timestamp? {
        if tier == .day {
            return tallies[.hour]?.keys.filter { $0 >= begin }.min().map { tier.start(of: $0) }
        }
        let run = runs.first { $0.at >= begin }?.at
        let miss = misses.first { $0.to >= begin }.map { max(begin, $0.from) }
        return [run, miss].compactMap(\.self).min().map { tier.start(of: $0) }
    }

    /// - Returns: how many runs and misses it has.
    fileprivate mutating func rollUp(hour: Timestamp) -> Int {
        let span = hour..<hour + Tier.hour.length
        let runs = runs.filter { span.contains($0.at) }
        let misses = misses.filter { $0.from < span.upperBound && $0.to >= hour }
        var tally = Tally(runs.map { Sample($0) })
        tally.missed = misses.reduce(0) { $0 + Int64($1.slots(in: span)) }
        if !tally.isEmpty { tallies[.hour, default: [:]][hour] = tally }
        return runs.count + misses.count
    }

    /// - Returns: how many hours it has.
    fileprivate mutating func rollUp(day: Timestamp) -> Int {
        let span = day..<day + Tier.day.length
        let hours = tallies[.hour, default: [:]].filter { span.contains($0.key) }
        guard !hours.isEmpty else { return 0 }
        tallies[.day, default: [:]][day] = hours.values.reduce(into: Tally()) { $0.merge($1) }
        return hours.count
    }
}
