import VitalsCore

extension Configuration {
    /// Those by which anything is sent.
    var openChannels: [ChannelSettings] { channels.map(\.settings).filter(\.isEnabled) }

    /// Every health check as it is shown before anything is known of it.
    var views: [HealthCheckView] {
        let names = Dictionary(uniqueKeysWithValues: systems.map { ($0.id, $0.name) })
        return healthChecks.map { entry in
            HealthCheckView(
                entry.healthCheck,
                systemName: names[entry.healthCheck.system] ?? entry.healthCheck.system.text,
                address: entry.probe.address, evaluation: Evaluation(), lastRun: nil)
        }
    }

    /// The schedule with which a node begins.
    func schedule(_ runAtOnce: Set<HealthCheckID>, at now: Timestamp) -> Schedule {
        Schedule(
            healthChecks.map { $0.plan(isNew: runAtOnce.contains($0.healthCheck.id)) },
            total: server.maxConcurrentHealthChecks ?? 8_192, perTarget: server.maxConcurrentPerTarget,
            batch: server.dueBatchSize, at: now)
    }
}

extension ConfiguredHealthCheck {
    /// As the schedule sees it.
    ///
    /// - Parameter isNew: whether it is to run at once.
    func plan(isNew: Bool) -> Schedule.Plan {
        Schedule.Plan(
            id: healthCheck.id, interval: healthCheck.policy.interval, isEnabled: healthCheck.isEnabled,
            // It is nobody's place that a heartbeat takes.
            endpoint: heartbeat == nil ? probe.endpoint : "heartbeat \(healthCheck.id)", isNew: isNew)
    }
}
