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
    static func between(
        _ before: Configuration, _ after: Configuration, resources: [ResourceChange]
    ) -> Reconfiguration {
        let known = Dictionary(uniqueKeysWithValues: before.views.map { ($0.healthCheck.id, $0) })
        let views = after.views
        let renamed = after.renaming(of: Set(known.keys))
        let kept = Set(views.map(\.healthCheck.id)).union(renamed.keys)
        return Reconfiguration(
            changed: views.filter { known[$0.healthCheck.id] != $0 },
            removed: known.keys.filter { !kept.contains($0) }.sorted(), renamed: renamed,
            channels: after.channels.map(\.settings), resources: resources)
    }

    /// Health checks of which nothing may start while this is being recorded.
    var touched: [HealthCheckID] { changed.map(\.healthCheck.id) + removed + renamed.keys.sorted() }
}
