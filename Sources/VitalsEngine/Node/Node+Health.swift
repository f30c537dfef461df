package import VitalsCore

/// Whether one of the things that a node needs is there.
package struct Readiness: Sendable, Equatable {
    package let name: String
    package let isReady: Bool
    /// Whether the whole is not ready without it.
    package let isDecisive: Bool
    package let detail: String

    package init(name: String, isReady: Bool, isDecisive: Bool = true, detail: String) {
        self.name = name
        self.isReady = isReady
        self.isDecisive = isDecisive
        self.detail = detail
    }
}

extension Node {
    /// What `/health` says, from memory: the store, the workers, and the systems that have a public name.
    package func healthSummary() -> HealthSummary {
        let now = clock.now()
        let own = [
            component("database", recorder.storeState(at: now)),
            component("workers", isAlive(at: now) ? .healthy : .unhealthy),
        ]
        return HealthSummary(own + health.components.compactMap { board.component($0, health, at: now) })
    }

    /// Whether what must never stop goes on: scheduler, recorder and outbox, and the store under them.
    var isWell: Bool {
        let now = clock.now()
        return isAlive(at: now) && storeTrouble(at: now) == nil && !isStopping
    }

    private func isAlive(at now: Timestamp) -> Bool {
        beats.allSatisfy { $0.delay(at: now) <= Self.patience }
    }

    /// For a worker to come to what is due.
    private static let patience: Duration = .seconds(10)

    /// What `/readyz` says: the store can be written, a configuration is in force, and nobody is stopping it.
    package func readiness() -> [Readiness] {
        let trouble = storeTrouble(at: clock.now())
        let ready = [
            Readiness(name: "store", isReady: trouble == nil, detail: trouble ?? "ok"),
            Readiness(name: "configuration", isReady: true, detail: "ok"),
        ]
        // Whoever sends requests here is told first.
        return isStopping ? ready + [Readiness(name: "shutdown", isReady: false, detail: "stopping")] : ready
    }

    private func storeTrouble(at now: Timestamp) -> String? {
        if recorder.isStoreDamaged { return "damaged" }
        return recorder.isStoreWell(at: now) ? nil : "cannot be written"
    }

    private func component(_ name: String, _ state: State) -> HealthSummary.Component {
        HealthSummary.Component(name: name, state: state, isCritical: true, isOverdue: false)
    }
}
