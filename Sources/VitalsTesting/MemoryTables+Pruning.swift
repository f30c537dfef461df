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
        for episode in ended.values.sorted(by: { $0.id < $1.id }) where left > 0 {
            guard episode.at < cutoff, !told.contains(episode.id) else { continue }
            ended[episode.id] = nil
            opened.removeAll { $0.id == episode.id }
            left -= 1
        }
    }
}

extension MemoryTables.Row {
    fileprivate mutating func prune(before cutoff: Timestamp, _ left: inout Int) {
        let old = min(left, runs.prefix { $0.at < cutoff }.count)
        runs.removeFirst(old)
        left -= old
        for from in misses.keys.sorted() where left > 0 {
            guard let miss = misses[from], miss.from < cutoff, miss.to < cutoff else { continue }
            misses[from] = nil
            left -= 1
        }
        let changes = min(left, transitions.prefix { $0.at < cutoff }.count)
        transitions.removeFirst(changes)
        left -= changes
        // The newest of the old stays while there are newer runs: they may be of the fault that it tells of.
        let aged = evidence.keys.filter { $0 < cutoff }.sorted()
        for at in runs.isEmpty ? aged : aged.dropLast() where left > 0 {
            evidence[at] = nil
            left -= 1
        }
    }
}
