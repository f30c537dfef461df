package import VitalsCore

/// A health check as it is shown: what it is told to do and what is known of it.
package struct HealthCheckView: Sendable, Equatable {
    package let healthCheck: HealthCheck
    /// Its system's name, which is the id when nobody named it.
    package let systemName: String
    /// The target without its secrets.
    package let address: String
    package var evaluation: Evaluation
    package var lastRun: Run?
    /// The latest of what is measured besides.
    package var vitals = KnownVitals()
    /// Since when the node watches it as it is; nothing: since its start.
    package var since: Timestamp?
    /// What is known of it, where it pings.
    package var heartbeat: Heartbeat?
    /// The cluster that its target belongs to.
    package var cluster: ClusterSeat?

    package init(
        _ healthCheck: HealthCheck, systemName: String, address: String, evaluation: Evaluation, lastRun: Run?
    ) {
        self.healthCheck = healthCheck
        self.systemName = systemName
        self.address = address
        self.evaluation = evaluation
        self.lastRun = lastRun
    }

    /// The same, with what is known of it.
    func knowing(_ belief: Belief?, _ heartbeat: Heartbeat?) -> HealthCheckView {
        var view = self
        view.evaluation = belief?.evaluation ?? Evaluation()
        view.lastRun = belief?.lastRun
        view.vitals = belief?.vitals ?? KnownVitals()
        view.heartbeat = heartbeat
        return view
    }

    /// - Parameter now: what the next slot is counted from, and by which a snooze is over.
    package func json(at now: Timestamp) -> JSON {
        let policy = healthCheck.policy
        let next =
            healthCheck.isEnabled
            ? SlotGrid(healthCheck.id, every: policy.interval).next(after: now) : nil
        let json: JSON = [
            "id": .string(healthCheck.id.text),
            "system": ["id": .string(healthCheck.system.text), "name": .string(systemName)],
            "check": ["id": .string(healthCheck.check.text), "kind": .string(healthCheck.kind.name)],
            "target": .string(address),
            "enabled": .bool(healthCheck.isSwitchedOn),
            "paused": .bool(healthCheck.isPaused),
            "snoozed_until": JSON(healthCheck.snoozedUntil.flatMap { $0 > now ? $0 : nil }),
            "critical": .bool(healthCheck.isCritical),
            "state": .string(evaluation.state.rawValue),
            "since": JSON(evaluation.since),
            "stale": .bool(evaluation.isStale),
            "consecutive_failures": .integer(Int64(evaluation.failures)),
            "consecutive_successes": .integer(Int64(evaluation.successes)),
            "episode": JSON(evaluation.episode?.text),
            "interval_seconds": JSON(seconds: policy.interval),
            "timeout_seconds": JSON(seconds: policy.timeout),
            "thresholds": policy.thresholds.json,
            "last_run": lastRun?.json ?? .null,
            "vitals": .array(vitals.entries.map(\.json)),
            "next_slot": JSON(next),
        ]
        return healthCheck.heartbeat.map { json.with([("heartbeat", $0.json(heartbeat))]) } ?? json
    }
}

/// A system as it is shown.
package struct SystemView: Sendable, Equatable {
    package let system: System
    package let state: SystemState

    package init(_ system: System, state: SystemState) {
        self.system = system
        self.state = state
    }

    package var json: JSON {
        [
            "id": .string(system.id.text),
            "name": .string(system.name),
            "description": .string(system.description),
            "links": JSON(members: system.links.map { ($0.label, .string($0.url)) }),
            "groups": .array(system.groups.map { .string($0) }),
            "labels": JSON(members: system.labels.map { ($0.name, JSON($0.value)) }),
            "cluster": system.cluster.map { cluster in
                [
                    "primaries": .integer(Int64(cluster.primaries)),
                    "replicas_at_least": .integer(Int64(cluster.replicasAtLeast)),
                ]
            } ?? .null,
            "state": .string(state.state.rawValue),
            "stale": .bool(state.isStale),
            "since": JSON(state.since),
            "health_checks": .array(system.healthChecks.map { .string($0.text) }),
        ]
    }
}

extension Thresholds {
    /// As it is written; what is not set is null.
    fileprivate var json: JSON {
        switch self {
        case .rows(let rows):
            [
                "failure": .integer(Int64(rows.failure)), "success": .integer(Int64(rows.success)),
                "warn": .integer(Int64(rows.warn)),
                "degraded": rows.degraded.map { .integer(Int64($0)) } ?? .null,
            ]
        case .window(let window):
            [
                "window": [
                    "size": .integer(Int64(window.size)), "unhealthy": .integer(Int64(window.unhealthy)),
                    "degraded": .integer(Int64(window.degraded)),
                ]
            ]
        }
    }
}

/// A cluster, and the health checks that ask its servers, in their system's order.
package struct ClusterSeat: Sendable, Equatable {
    package let cluster: Cluster
    package let members: [HealthCheckID]
}
