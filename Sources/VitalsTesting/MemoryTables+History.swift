import VitalsCore
package import VitalsEngine

extension MemoryTables {
    /// Episodes, newest first.
    package func episodes(_ query: PastEpisode.Query) -> [PastEpisode] {
        let all = opened.map { episode in
            PastEpisode(
                episode, ended: ended[episode.id], fault: fault(of: episode.healthCheck, at: episode.at))
        }
        let wanted = all.filter { episode in
            (query.healthCheck.map { $0 == episode.opened.healthCheck } ?? true)
                && (query.isOpen.map { $0 == (episode.ended == nil) } ?? true)
                && (query.after.map { episode.place.follows($0) } ?? true)
        }
        return Array(wanted.sorted { $1.place.follows($0.place) }.prefix(query.limit))
    }

    /// Transitions, newest first.
    package func transitions(_ query: PastTransition.Query) -> [PastTransition] {
        let all = healthChecks.values.flatMap(\.transitions).map {
            PastTransition($0, fault: fault(of: $0.healthCheck, at: $0.at))
        }
        let wanted = all.filter { transition in
            (query.healthCheck.map { $0 == transition.transition.healthCheck } ?? true)
                && (query.after.map { transition.place.follows($0) } ?? true)
        }
        return Array(wanted.sorted { $1.place.follows($0.place) }.prefix(query.limit))
    }

    private func fault(of id: HealthCheckID, at: Timestamp) -> Fault? {
        guard let row = healthChecks[id] else { return nil }
        return row.runs.first { $0.at == at }.map(row.shown)?.result.fault
    }
}
