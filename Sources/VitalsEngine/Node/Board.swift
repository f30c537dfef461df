import Synchronization
package import VitalsCore

/// What is known of every health check and system, answered from memory. Only the recorder writes on it,
/// after the commit and before anybody is told, so that it is never older than an event that announced it.
package final class Board: Sendable {
    private struct Sheet {
        var views: [HealthCheckID: HealthCheckView]
    }

    private let systems: [System]
    private let systemIndex: [SystemID: Int]
    private let healthCheckIDs: [HealthCheckID]
    private let sheet: Mutex<Sheet>

    /// - Parameter views: one for each configured health check.
    package init(systems: [System], views: [HealthCheckView]) {
        self.systems = systems.sorted { $0.id < $1.id }
        systemIndex = Dictionary(uniqueKeysWithValues: self.systems.enumerated().map { ($1.id, $0) })
        healthCheckIDs = views.map(\.healthCheck.id).sorted()
        sheet = Mutex(Sheet(views: Dictionary(uniqueKeysWithValues: views.map { ($0.healthCheck.id, $0) })))
    }

    /// A health check as it is known; nothing when it is not configured.
    package func healthCheck(_ id: HealthCheckID) -> HealthCheckView? {
        sheet.withLock { $0.views[id] }
    }

    /// At most `limit` health checks with an id above `after`, by id.
    package func healthChecks(after: HealthCheckID?, limit: Int) -> [HealthCheckView] {
        let page = Self.page(of: healthCheckIDs, after: after, limit: limit, by: \.self)
        return sheet.withLock { sheet in page.compactMap { sheet.views[$0] } }
    }

    /// A system as its health checks make it; nothing when it is not configured.
    package func system(_ id: SystemID) -> SystemView? {
        systemIndex[id].map { view(of: systems[$0]) }
    }

    /// At most `limit` systems with an id above `after`, by id.
    package func systems(after: SystemID?, limit: Int) -> [SystemView] {
        Self.page(of: systems, after: after, limit: limit, by: \.id).map(view(of:))
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

    private func view(of system: System) -> SystemView {
        let parts = sheet.withLock { sheet in
            system.healthChecks.compactMap { sheet.views[$0] }.filter(\.healthCheck.isEnabled).map { view in
                SystemState.Part(
                    state: view.evaluation.state, isStale: view.evaluation.isStale,
                    isCritical: view.healthCheck.isCritical, since: view.evaluation.since)
            }
        }
        return SystemView(system, state: SystemState(of: parts))
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
