import VitalsCore

/// Another configuration, as the recorder takes it over: all of it in one transaction, or nothing.
struct Reconfiguration: Sendable, Equatable {
    /// Health checks that are new, or another than before; what is known of them is not part of it.
    var changed: [HealthCheckView] = []
    var removed: [HealthCheckID] = []
    /// Former ids of health checks that go on under another.
    var renamed: [HealthCheckID: HealthCheckID] = [:]
    /// All there are from now on.
    var channels: [ChannelSettings] = []
    /// What of the configuration itself the store keeps.
    var resources: [ResourceChange] = []
    /// Runs of changed health checks with a lower ticket were begun before.
    var firstTicket = 0

    /// What has to happen to a running node that goes by one configuration so that it goes by another.
    ///
    /// - Parameters:
    ///   - before: every health check, as it was before anything was known of it.
    ///   - after: the same, as it is to be.
    init(
        from before: [HealthCheckView], to after: [HealthCheckView], channels: [ChannelSettings],
        renamed: [HealthCheckID: HealthCheckID] = [:], resources: [ResourceChange] = []
    ) {
        let known = Dictionary(uniqueKeysWithValues: before.map { ($0.healthCheck.id, $0) })
        let kept = Set(after.map(\.healthCheck.id)).union(renamed.keys)
        changed = after.filter { known[$0.healthCheck.id] != $0 }
        removed = known.keys.filter { !kept.contains($0) }.sorted()
        self.renamed = renamed
        self.channels = channels
        self.resources = resources
    }

    /// Health checks of which nothing may start while this is being recorded.
    var touched: [HealthCheckID] { changed.map(\.healthCheck.id) + removed + renamed.keys.sorted() }
}
