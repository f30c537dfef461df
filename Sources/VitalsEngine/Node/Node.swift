package import VitalsCore

/// One `vitals serve` process, as the surfaces see it.
package final class Node: Sendable {
    /// What the surfaces ask of a node beyond its memory.
    package struct Verbs: Sendable {
        package var run: @Sendable (HealthCheckID) async -> ManualRun = { _ in .unknownHealthCheck }
        package var history: @Sendable (HealthCheckID, Timestamp?, Int) async throws -> [HistoryItem] =
            { _, _, _ in [] }
        package var deliveries: @Sendable (Int64, Int) async throws -> [Delivery] = { _, _ in [] }
        package var healthSummary: @Sendable () -> HealthSummary = { HealthSummary([]) }
        package var readiness: @Sendable () -> [Readiness] = { [] }

        package init() {}
    }

    package let board: Board
    package let hub: SignalHub
    package let settings: ServerSettings
    package let health: HealthSettings
    package let version: String
    package let boot: String
    private let verbs: Verbs
    private let clock: @Sendable () -> Timestamp

    package init(
        board: Board, hub: SignalHub, settings: ServerSettings, health: HealthSettings, version: String,
        boot: String, clock: @escaping @Sendable () -> Timestamp, verbs: Verbs
    ) {
        self.board = board
        self.hub = hub
        self.settings = settings
        self.health = health
        self.version = version
        self.boot = boot
        self.clock = clock
        self.verbs = verbs
    }

    package func now() -> Timestamp { clock() }
    package func run(_ id: HealthCheckID) async -> ManualRun { await verbs.run(id) }
    package func history(of id: HealthCheckID, before: Timestamp?, limit: Int) async throws -> [HistoryItem] {
        try await verbs.history(id, before, limit)
    }
    package func deliveries(after: Int64, limit: Int) async throws -> [Delivery] {
        try await verbs.deliveries(after, limit)
    }
    package func healthSummary() -> HealthSummary { verbs.healthSummary() }
    package func readiness() -> [Readiness] { verbs.readiness() }
}

package enum ManualRun: Sendable {
    case done(Run, HealthCheckView)
    case cooldown(retryAfter: Duration)
    case unknownHealthCheck
    case stopping
    case notRecorded
}

package struct Readiness: Sendable, Equatable {
    package let name: String
    package let isReady: Bool
    package let detail: String

    package init(name: String, isReady: Bool, detail: String) {
        self.name = name
        self.isReady = isReady
        self.detail = detail
    }
}
