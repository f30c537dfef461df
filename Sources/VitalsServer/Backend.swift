import VitalsCore
import VitalsEngine

/// What the server asks of its node.
struct Backend: Sendable {
    let board: Board
    let hub: SignalHub
    /// Of the product.
    let version: String
    /// The process's own; the first part of the ids in the stream.
    let boot: String
    /// What `/health` answers with when the whole is unhealthy.
    let unhealthyHTTPStatus: Int
    let now: @Sendable () -> Timestamp
    /// Runs a health check and waits until that is recorded.
    let run: @Sendable (HealthCheckID) async -> ManualRun
    /// Runs and misses before an instant, newest first, at most so many.
    let history: @Sendable (HealthCheckID, Timestamp?, Int) async throws -> [HistoryItem]
    let heartbeats: @Sendable () -> HeartbeatDirectory
    /// Takes a ping and what was said with it, and waits until it is recorded.
    let hear: @Sendable (Ping, HealthCheckID, HeardPing.Dialect, PingSender, String) async -> PingReceipt
    /// Pings before an instant, newest first, at most so many.
    let pings: @Sendable (HealthCheckID, Timestamp?, Int) async throws -> [HeardPing]
    /// A range in at most so many points.
    let points: @Sendable (HealthCheckID, Range<Timestamp>, Int) async throws -> HistoryPoints
    /// What became of one vital in a range, in at most so many points.
    let vitalPoints: @Sendable (HealthCheckID, String, Range<Timestamp>, Int) async throws -> VitalPoints
    let uptime: @Sendable (HealthCheckID) async throws -> [UptimeWindow: Double]
    let episodes: @Sendable (PastEpisode.Query) async throws -> [PastEpisode]
    let transitions: @Sendable (PastTransition.Query) async throws -> [PastTransition]
    /// Deliveries after an id, at most so many.
    let deliveries: @Sendable (Int64, Int) async throws -> [Delivery]
    /// Sends a test by a channel.
    let test: @Sendable (ChannelID) async -> ChannelTest
    /// Makes a notification due now.
    let retry: @Sendable (NotificationID) async throws -> ManualRetry
    let healthSummary: @Sendable () -> HealthSummary
    let readiness: @Sendable () -> [Readiness]
    let metrics: @Sendable () -> NodeMetrics
    let editing: Editing
}

extension Backend {
    init(_ node: Node, _ editing: Editing) {
        self.init(
            board: node.board, hub: node.hub, version: node.version, boot: node.boot,
            unhealthyHTTPStatus: node.health.unhealthyHTTPStatus, now: { node.now() },
            run: { await node.run($0) },
            history: { try await node.history(of: $0, before: $1, limit: $2) },
            heartbeats: { node.heartbeats },
            hear: { await node.hear($0, of: $1, $2, client: $3.client, agent: $3.agent, body: $4) },
            pings: { try await node.pings(of: $0, before: $1, limit: $2) },
            points: { try await node.points(of: $0, over: $1, count: $2) },
            vitalPoints: { try await node.points(of: $1, of: $0, over: $2, count: $3) },
            uptime: { try await node.uptime(of: $0) }, episodes: { try await node.episodes($0) },
            transitions: { try await node.transitions($0) },
            deliveries: { try await node.deliveries(after: $0, limit: $1) },
            test: { await node.test(channel: $0) }, retry: { try await node.retry($0) },
            healthSummary: { node.healthSummary() }, readiness: { node.readiness() },
            metrics: { node.metrics() }, editing: editing)
    }
}
