/// The state of a system, which follows from those of its enabled health checks whenever it is read.
package struct SystemState: Sendable, Equatable {
    package let state: State
    /// Whether one of its enabled health checks is stale.
    package let isStale: Bool
    /// Since when: for a failure the first of the health checks that show it, for health the last to get
    /// well.
    package let since: Timestamp?

    /// One health check's share.
    package struct Part: Sendable, Equatable {
        let state: State
        let isStale: Bool
        let since: Timestamp?

        package init(state: State, isStale: Bool, isCritical: Bool, since: Timestamp?) {
            // A health check that is not critical can at most degrade its system.
            self.state = state == .unhealthy && !isCritical ? .degraded : state
            self.isStale = isStale
            self.since = since
        }
    }

    /// The worst of the enabled ones: unhealthy, then degraded, then unknown, then healthy; with none it is
    /// unknown.
    package init(of enabled: [Part]) {
        let worst = enabled.map(\.state).max { Self.badness($0) < Self.badness($1) } ?? .unknown
        state = worst
        isStale = enabled.contains(where: \.isStale)
        let since = enabled.filter { $0.state == worst }.compactMap(\.since)
        // A failure lasts since its first; being well began with the last to get well.
        self.since = worst == .healthy ? since.max() : since.min()
    }

    private static func badness(_ state: State) -> Int {
        switch state {
        case .healthy: 0
        case .unknown: 1
        case .degraded: 2
        case .unhealthy: 3
        }
    }
}
