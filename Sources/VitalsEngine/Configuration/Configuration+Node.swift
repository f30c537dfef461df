import VitalsCore

extension Configuration {
    /// Those by which anything is sent.
    var openChannels: [ChannelSettings] { channels.map(\.settings).filter(\.isEnabled) }

    /// Every health check as it is shown before anything is known of it.
    var views: [HealthCheckView] {
        let names = Dictionary(uniqueKeysWithValues: systems.map { ($0.id, $0.name) })
        let seats = clusterSeats
        return healthChecks.map { entry in
            var view = HealthCheckView(
                entry.healthCheck,
                systemName: names[entry.healthCheck.system] ?? entry.healthCheck.system.text,
                address: entry.probe.address, evaluation: Evaluation(), lastRun: nil)
            if entry.healthCheck.kind.isDatabase { view.cluster = seats[entry.healthCheck.system] }
            return view
        }
    }

    /// Of the systems that say how many servers of each part they have.
    private var clusterSeats: [SystemID: ClusterSeat] {
        let clustered = systems.filter { $0.cluster != nil }
        guard !clustered.isEmpty else { return [:] }
        let databases = Set(healthChecks.map(\.healthCheck).filter(\.kind.isDatabase).map(\.id))
        return Dictionary(
            clustered.compactMap { system in
                system.cluster.map { cluster in
                    (
                        system.id,
                        ClusterSeat(
                            cluster: cluster, members: system.healthChecks.filter(databases.contains))
                    )
                }
            }, uniquingKeysWith: { $1 })
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
