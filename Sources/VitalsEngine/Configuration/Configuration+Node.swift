import VitalsCore

extension Configuration {
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
        let plans = healthChecks.map { entry in
            Schedule.Plan(
                id: entry.healthCheck.id, interval: entry.healthCheck.policy.interval,
                isEnabled: entry.healthCheck.isEnabled, endpoint: entry.probe.endpoint,
                isNew: runAtOnce.contains(entry.healthCheck.id))
        }
        return Schedule(
            plans, total: server.maxConcurrentHealthChecks ?? 8_192, perTarget: server.maxConcurrentPerTarget,
            at: now)
    }
}
