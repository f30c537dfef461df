import Synchronization
package import VitalsCore

/// What is known of every health check and system, answered from memory. Only the recorder writes on it,
/// after the commit and before anybody is told, so that it is never older than an event that announced it.
/// What nobody has looked at for too long is read as unknown, also while the recorder cannot say so.
package final class Board: Sendable {
    private struct Sheet {
        var views: [HealthCheckID: HealthCheckView]
    }

    private let systems: [System]
    private let systemIndex: [SystemID: Int]
    private let healthCheckIDs: [HealthCheckID]
    private let startedAt: Timestamp
    private let sheet: Mutex<Sheet>

    /// - Parameters:
    ///   - views: one for each configured health check.
    ///   - startedAt: when the node did: from here on ages count.
    package init(systems: [System], views: [HealthCheckView], startedAt: Timestamp) {
        self.startedAt = startedAt
        self.systems = systems.sorted { $0.id < $1.id }
        systemIndex = Dictionary(uniqueKeysWithValues: self.systems.enumerated().map { ($1.id, $0) })
        healthCheckIDs = views.map(\.healthCheck.id).sorted()
        sheet = Mutex(Sheet(views: Dictionary(uniqueKeysWithValues: views.map { ($0.healthCheck.id, $0) })))
    }

    /// A health check as it is known; nothing when it is not configured.
    package func healthCheck(_ id: HealthCheckID, at now: Timestamp) -> HealthCheckView? {
        sheet.withLock { $0.views[id] }.map { shown($0, nil, at: now) }
    }

    /// At most `limit` health checks with an id above `after`, by id.
    package func healthChecks(
        after: HealthCheckID?, limit: Int, at now: Timestamp
    ) -> [HealthCheckView] {
        let page = Self.page(of: healthCheckIDs, after: after, limit: limit, by: \.self)
        return sheet.withLock { sheet in page.compactMap { sheet.views[$0] } }
            .map { shown($0, nil, at: now) }
    }

    /// A system as its health checks make it; nothing when it is not configured.
    ///
    /// - Parameter maximumAge: how long a health check's last run counts. Default: as its policy says.
    package func system(
        _ id: SystemID, maximumAge: Duration? = nil, at now: Timestamp
    ) -> SystemView? {
        systemIndex[id].map { view(of: systems[$0], maximumAge, at: now) }
    }

    /// At most `limit` systems with an id above `after`, by id.
    package func systems(after: SystemID?, limit: Int, at now: Timestamp) -> [SystemView] {
        Self.page(of: systems, after: after, limit: limit, by: \.id).map { view(of: $0, nil, at: now) }
    }

    /// Takes in what a commit made true.
    func update(_ changes: [HealthCheckID: Belief]) {
        sheet.withLock { sheet in
            for (id, belief) in changes {
                sheet.views[id]?.evaluation = belief.evaluation
                sheet.views[id]?.lastRun = belief.lastRun
            }
        }
    }

    private func view(of system: System, _ maximumAge: Duration?, at now: Timestamp) -> SystemView {
        let views = sheet.withLock { sheet in system.healthChecks.compactMap { sheet.views[$0] } }
        let parts = views.filter(\.healthCheck.isEnabled).map { view in
            let evaluation = shown(view, maximumAge, at: now).evaluation
            return SystemState.Part(
                state: evaluation.state, isStale: evaluation.isStale,
                isCritical: view.healthCheck.isCritical, since: evaluation.since)
        }
        return SystemView(system, state: SystemState(of: parts))
    }

    private func shown(_ view: HealthCheckView, _ maximumAge: Duration?, at now: Timestamp) -> HealthCheckView
    {
        guard view.healthCheck.isEnabled else { return view }
        var shown = view
        shown.evaluation = view.evaluation.shown(
            view.healthCheck.id, lastRun: view.lastRun, view.healthCheck.policy, since: startedAt,
            maximumAge: maximumAge, at: now)
        return shown
    }

    /// Binary search, so that a page costs what it holds.
    private static func page<Item, Key: Comparable>(
        of sorted: [Item], after: Key?, limit: Int, by key: (Item) -> Key
    ) -> ArraySlice<Item> {
        var low = 0
        if let after {
            var high = sorted.count
            while low < high {
                let middle = (low + high) / 2
                if key(sorted[middle]) <= after { low = middle + 1 } else { high = middle }
            }
        }
        return sorted[low..<min(sorted.count, low + max(0, limit))]
    }
}
