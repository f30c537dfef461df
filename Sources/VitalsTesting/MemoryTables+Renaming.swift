import VitalsCore
import VitalsEngine

extension MemoryTables {
    /// All that is known goes on under another id.
    mutating func rename(_ renamed: [HealthCheckID: HealthCheckID]) {
        for (former, id) in renamed {
            guard var row = healthChecks[former], !row.isRemoved, healthChecks[id]?.isRemoved != false else {
                continue
            }
            healthChecks[former] = nil
            row.runs = row.runs.map { $0.renamed(to: id) }
            row.misses = row.misses.map { $0.renamed(to: id) }
            row.pings = row.pings.map { $0.renamed(to: id) }
            let kept = (healthChecks[id]?.transitions ?? []) + row.transitions
            row.transitions = kept.map { Transition(id, from: $0.from, to: $0.to, at: $0.at) }
            healthChecks[id] = row
            opened = opened.map { episode in
                guard episode.healthCheck == former else { return episode }
                return OpenedEpisode(id: episode.id, healthCheck: id, at: episode.at)
            }
            pages = Self.moved(pages.filter { $0.key.healthCheck != id }, former, id)
            cooldowns = Self.moved(cooldowns.filter { $0.key.healthCheck != id }, former, id)
            outbox.rename(former, to: id)
        }
    }

    private static func moved<Value>(
        _ values: [PageKey: Value], _ former: HealthCheckID, _ id: HealthCheckID
    ) -> [PageKey: Value] {
        Dictionary(
            uniqueKeysWithValues: values.map { key, value in
                (key.healthCheck == former ? PageKey(id, key.channel) : key, value)
            })
    }
}

extension MemoryOutbox {
    mutating func rename(_ former: HealthCheckID, to id: HealthCheckID) {
        rows = rows.mapValues { $0.renamed(former, to: id) }
        deliveries = deliveries.map { delivery in
            guard delivery.healthCheck == former else { return delivery }
            return Delivery(
                id: delivery.id, notification: delivery.notification, episode: delivery.episode,
                kind: delivery.kind, healthCheck: id, channel: delivery.channel, attempt: delivery.attempt,
                at: delivery.at, status: delivery.status, httpStatus: delivery.httpStatus,
                error: delivery.error, nextAttemptAt: delivery.nextAttemptAt)
        }
    }
}
