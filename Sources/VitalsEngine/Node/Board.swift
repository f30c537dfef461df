import Synchronization
package import VitalsCore

/// What is known of every health check and system, answered from memory. Only the recorder writes on it,
/// after the commit and before anybody is told, so that it is never older than an event that announced it.
/// What nobody has looked at for too long is read as unknown, also while the recorder cannot say so.
package final class Board: Sendable {
    private struct Sheet {
        var views: [HealthCheckID: HealthCheckView]
        /// By their ids, as the health checks.
        var systems: [System] = []
        var systemIndex: [SystemID: Int] = [:]
        var healthCheckIDs: [HealthCheckID] = []
        var runs: [HealthCheckID: RunCounts]
        var records = RecordCounts()

        init(_ systems: [System], _ views: some Sequence<HealthCheckView>) {
            self.views = Dictionary(uniqueKeysWithValues: views.map { ($0.healthCheck.id, $0) })
            self.systems = systems.sorted { $0.id < $1.id }
            systemIndex = Dictionary(uniqueKeysWithValues: self.systems.enumerated().map { ($1.id, $0) })
            healthCheckIDs = self.views.keys.sorted()
            runs = self.views.mapValues { RunCounts(isDatabase: $0.healthCheck.kind.isDatabase) }
        }

        mutating func count(_ consequences: Consequences, at now: Timestamp) {
            for signal in consequences.signals {
                switch signal {
                case .runCompleted(let run):
                    runs[run.healthCheck]?.add(run)
                    records.add(run, at: now)
                case .delivery(let attempt, let notification):
                    records.add(attempt.outcome, by: notification.channel)
                case .transition: break
                }
            }
            for miss in consequences.misses { runs[miss.healthCheck]?.add(miss) }
        }
    }

    let startedAt: Timestamp
    private let sheet: Mutex<Sheet>

    /// - Parameters:
    ///   - views: one for each configured health check.
    ///   - startedAt: when the node did: from here on ages count.
    package init(systems: [System], views: [HealthCheckView], startedAt: Timestamp) {
        self.startedAt = startedAt
        sheet = Mutex(Sheet(systems, views))
    }

    /// A health check as it is known; nothing when it is not configured.
    package func healthCheck(_ id: HealthCheckID, at now: Timestamp) -> HealthCheckView? {
        sheet.withLock { $0.views[id] }.map { shown($0, nil, at: now) }
    }

    /// At most `limit` health checks with an id above `after`, by id.
    package func healthChecks(
        after: HealthCheckID?, limit: Int, at now: Timestamp
    ) -> [HealthCheckView] {
        sheet.withLock { sheet in
            Self.page(of: sheet.healthCheckIDs, after: after, limit: limit, by: \.self)
                .compactMap { sheet.views[$0] }
        }
        .map { shown($0, nil, at: now) }
    }

    /// A system as its health checks make it; nothing when it is not configured.
    ///
    /// - Parameter maximumAge: how long a health check's last run counts. Default: as its policy says.
    package func system(
        _ id: SystemID, maximumAge: Duration? = nil, at now: Timestamp
    ) -> SystemView? {
        sheet.withLock { sheet in sheet.systemIndex[id].map { sheet.systems[$0] } }
            .map { view(of: $0, maximumAge, at: now) }
    }

    /// At most `limit` systems with an id above `after`, by id.
    package func systems(after: SystemID?, limit: Int, at now: Timestamp) -> [SystemView] {
        sheet.withLock { Self.page(of: $0.systems, after: after, limit: limit, by: \.id) }
            .map { view(of: $0, nil, at: now) }
    }

    /// Another configuration holds.
    ///
    /// - Parameters:
    ///   - views: one for each health check of it; what is known of those that there were is kept.
    ///   - renamed: former ids of those that go on under another.
    func follow(
        _ systems: [System], _ views: [HealthCheckView],
        renamed: [HealthCheckID: HealthCheckID] = [:]
    ) {
        let formerIDs = Dictionary(uniqueKeysWithValues: renamed.map { ($1, $0) })
        sheet.withLock { sheet in
            let before = sheet
            let known = before.views
            sheet = Sheet(
                systems,
                views.map { view in
                    let id = view.healthCheck.id
                    guard let before = known[formerIDs[id] ?? id] else { return view }
                    var view = view
                    view.evaluation = before.evaluation
                    view.lastRun = before.lastRun?.renamed(to: id)
                    view.vitals = before.vitals
                    view.since = before.since
                    view.heartbeat = before.heartbeat
                    return view
                })
            sheet.records = before.records
            for id in sheet.healthCheckIDs {
                guard let counts = before.runs[formerIDs[id] ?? id] else { continue }
                sheet.runs[id] = counts.following(
                    isDatabase: sheet.views[id]?.healthCheck.kind.isDatabase ?? false)
            }
        }
    }

    /// Takes in what a commit made true, all at once.
    ///
    /// - Parameter consequences: whose runs, misses and deliveries are counted.
    func update(
        _ changes: [HealthCheckID: Belief], heartbeats: [HealthCheckID: Heartbeat] = [:],
        counting consequences: Consequences, at now: Timestamp
    ) {
        sheet.withLock { sheet in
            for (id, belief) in changes {
                guard let index = sheet.views.index(forKey: id) else { continue }
                sheet.views.values[index].evaluation = belief.evaluation
                sheet.views.values[index].lastRun = belief.lastRun
                sheet.views.values[index].vitals = belief.vitals
                sheet.views.values[index].since = belief.since
            }
            for (id, heartbeat) in heartbeats { sheet.views[id]?.heartbeat = heartbeat }
            sheet.count(consequences, at: now)
        }
    }

    /// Everything as one commit left it: every health check by id with what became of its slots, and what was
    /// recorded of all of them.
    func everything(
        at now: Timestamp
    ) -> (healthChecks: [(view: HealthCheckView, counts: RunCounts)], records: RecordCounts) {
        let (views, records) = sheet.withLock { sheet in
            (
                sheet.healthCheckIDs.compactMap { id in
                    sheet.views[id].map { ($0, sheet.runs[id] ?? RunCounts()) }
                }, sheet.records
            )
        }
        return (views.map { (shown($0, nil, at: now), $1) }, records)
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
            view.healthCheck.id, lastRun: view.lastRun, view.healthCheck.policy,
            since: max(startedAt, view.since ?? startedAt),
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
