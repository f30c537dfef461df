package import VitalsCore
import VitalsEngine

extension MemoryTables {
    /// Removes what is older than `cutoff`.
    ///
    /// - Returns: how many rows went, at most `limit`.
    package mutating func prune(before cutoff: Timestamp, limit: Int) -> Int {
        var left = limit
        outbox.prune(before: cutoff, &left)
        pruneEpisodes(before: cutoff, &left)
        for id in healthChecks.keys.sorted() {
            healthChecks[id]?.prune(before: cutoff, &left)
        }
        return limit - left
    }

    /// Those that something still to be told speaks of stay.
    private mutating func pruneEpisodes(before cutoff: Timestamp, _ left: inout Int) {
        let told = Set(pages.values.map(\.episode) + outbox.pending.compactMap(\.notification.episode))
        let old = ended.values.filter { $0.at < cutoff && !told.contains($0.id) }.map(\.id).sorted()
        let going = Set(old.prefix(left))
        guard !going.isEmpty else { return }
        for id in going { ended[id] = nil }
        opened.removeAll { going.contains($0.id) }
        left -= going.count
    }
}

extension MemoryTables.Row {
    fileprivate mutating func prune(before cutoff: Timestamp, _ left: inout Int) {
        let old = min(left, runs.prefix { $0.at < cutoff }.count)
        runs.removeFirst(old)
        left -= old
        misses.removeAll { miss in
            guard left > 0, miss.to < cutoff else { return false }
            left -= 1
            return true
        }
        let changes = min(left, transitions.prefix { $0.at < cutoff }.count)
        transitions.removeFirst(changes)
        left -= changes
        let heard = min(left, pings.prefix { $0.at < cutoff }.count)
        pings.removeFirst(heard)
        left -= heard
        let measured = min(left, self.measured.prefix { $0.at < cutoff }.count)
        self.measured.removeFirst(measured)
        left -= measured
        // The newest of the old stays while there are newer runs: they may be of the fault that it tells of.
        let aged = evidence.prefix { $0.at < cutoff }.count
        let past = min(left, runs.isEmpty ? aged : max(0, aged - 1))
        evidence.removeFirst(past)
        left -= past
    }
}
