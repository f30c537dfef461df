import VitalsCore
import VitalsTesting

@testable import VitalsEngine
@testable import VitalsServer

/// What the tests' servers watch.
enum Fixtures {
    static let start = Timestamp(microseconds: 1_795_860_003_120_000)

    static func healthCheck(_ system: String, _ check: String = "sql") -> HealthCheck {
        HealthCheck(
            system: SystemID(system), check: CheckID(check), kind: ProbeKind("postgres", isDatabase: true),
            policy: Policy(
                interval: .seconds(10), timeout: .seconds(5),
                thresholds: Thresholds(failure: 3, success: 1, warn: 3, degraded: nil), confirmEvery: nil),
            revision: Revision("r1"))
    }

    /// Systems with one health check each, of which the first has failed.
    static func board(_ names: [String]) -> Board {
        let checks = names.map { healthCheck($0) }
        return Board(
            systems: checks.map { check in
                System(
                    id: check.system, name: "The \(check.system.text)", description: "A ledger.",
                    links: [System.Link(label: "runbook", url: "https://wiki.example.com/")],
                    groups: ["payments"], healthChecks: [check.id])
            },
            views: checks.enumerated().map { index, check in
                var view = HealthCheckView(
                    check, systemName: "The \(check.system.text)", address: "db1.example.com:5432/orders",
                    evaluation: Evaluation(), lastRun: index == 0 ? failedRun(of: check.id) : nil)
                view.vitals = KnownVitals([
                    KnownVitals.Entry(
                        Vital("connections", 7), triedAt: start, measuredAt: start, level: nil)
                ])
                return view
            }, startedAt: Fixture.at(0))
    }

    static func failedRun(
        of id: HealthCheckID, at: Timestamp = start, trigger: Trigger = .scheduled
    ) -> Run {
        Run(
            of: id, at: at, startedAt: at, trigger: trigger, outcome: .fail,
            result: ProbeResult(
                fault: Fault(.refused, in: .connect, code: "ECONNREFUSED", message: "connection refused"),
                latency: .microseconds(410),
                phases: [
                    PhaseTiming(.resolve, .microseconds(110)), PhaseTiming(.connect, .microseconds(300)),
                ]))
    }

    static func transition(of id: HealthCheckID, at: Timestamp = start) -> Signal.Content {
        .transition(
            Transition(id, from: .healthy, to: .unhealthy, at: at),
            Fault(.refused, in: .connect, code: "ECONNREFUSED", message: "connection refused"))
    }

    static func attempt(of id: HealthCheckID) -> Signal.Content {
        .delivery(
            Attempt(
                notification: NotificationID("N1"), number: 1, at: start,
                outcome: .failed(httpStatus: 503, message: "answered 503", retryAfter: nil),
                nextAttemptAt: start + .seconds(2)),
            of: Notification(
                id: NotificationID("N1"), channel: ChannelID("ops"), kind: .down, at: start, createdAt: start,
                episode: EpisodeID("E1"), healthCheck: id, body: "{}"))
    }

    static func delivery(_ id: Int64) -> Delivery {
        Delivery(
            id: id, notification: NotificationID("N\(id)"), episode: EpisodeID("E1"), kind: .down,
            healthCheck: HealthCheckID("a.sql"), channel: ChannelID("ops"), attempt: 1, at: start,
            status: .failed, httpStatus: 503, error: "answered 503", nextAttemptAt: start + .seconds(2))
    }

    /// Newest first; the first of them lasts.
    static var episodes: [PastEpisode] {
        (1...5).map { number in
            let opened = OpenedEpisode(
                id: EpisodeID("E\(number)"), healthCheck: HealthCheckID("a.sql"),
                at: start - .seconds(number * 100))
            let ended = EndedEpisode(id: opened.id, at: opened.at + .seconds(50), reason: .recovered)
            let fault = Fault(.refused, in: .connect, code: "ECONNREFUSED", message: "connection refused")
            return PastEpisode(opened, ended: number == 1 ? nil : ended, fault: number == 2 ? nil : fault)
        }
    }

    /// Newest first.
    static var transitions: [PastTransition] {
        (1...5).map { number in
            let isDown = number.isMultiple(of: 2)
            let fault = Fault(.refused, in: .connect, code: "ECONNREFUSED", message: "connection refused")
            return PastTransition(
                Transition(
                    HealthCheckID("a.sql"), from: isDown ? .healthy : .unhealthy,
                    to: isDown ? .unhealthy : .healthy, at: start - .seconds(number * 100)),
                fault: isDown ? fault : nil)
        }
    }

    /// What a node would answer.
    struct Verbs {
        var run: @Sendable (HealthCheckID) async -> ManualRun = { _ in .unknownHealthCheck }
        var history: @Sendable (HealthCheckID, Timestamp?, Int) async throws -> [HistoryItem] = { _, _, _ in
            []
        }
        var points: @Sendable (HealthCheckID, Range<Timestamp>, Int) async throws -> HistoryPoints = {
            HistoryPoints(Past(), over: $1, count: $2)
        }
        var vitalPoints:
            @Sendable (HealthCheckID, String, Range<Timestamp>, Int) async throws -> VitalPoints = {
                VitalPoints(over: $2, count: $3)
            }
        var heartbeats: @Sendable () -> HeartbeatDirectory = { HeartbeatDirectory(.empty) }
        var hear:
            @Sendable (Ping, HealthCheckID, HeardPing.Dialect, PingSender, String) async -> PingReceipt = {
                _, _, _, _, _ in .unknown
            }
        var pings: @Sendable (HealthCheckID, Timestamp?, Int) async throws -> [HeardPing] = { _, _, _ in [] }
        var uptime: @Sendable (HealthCheckID) async throws -> [UptimeWindow: Double] = { _ in [:] }
        var episodes: @Sendable (PastEpisode.Query) async throws -> [PastEpisode] = { _ in [] }
        var transitions: @Sendable (PastTransition.Query) async throws -> [PastTransition] = { _ in [] }
        var deliveries: @Sendable (Int64, Int) async throws -> [Delivery] = { _, _ in [] }
        var test: @Sendable (ChannelID) async -> ChannelTest = { _ in .unknownChannel }
        var retry: @Sendable (NotificationID) async throws -> ManualRetry = { _ in .unknownNotification }
        var healthSummary: @Sendable () -> HealthSummary = { HealthSummary([]) }
        var readiness: @Sendable () -> [Readiness] = { [] }
        var editing = Editing(
            forms: [], channelForms: [],
            stored: { StoredConfiguration(items: [:], configuration: .empty) },
            status: { LiveConfiguration.Status(loadedAt: start) }, edit: { _ in .notRecorded },
            now: { Fixtures.start })
    }

    static func metrics(_ board: Board) -> NodeMetrics {
        let (healthChecks, records) = board.everything(at: start)
        return NodeMetrics(
            version: "0.1.0", startedAt: start, healthChecks: healthChecks, records: records,
            channels: [ChannelID("ops")], probesInFlight: 2, probesWaiting: 1, heldResults: 3,
            storeFailures: 0, isStoreWell: true, pendingNotifications: 1, oldestPending: .seconds(90),
            beatAges: [("scheduler", .milliseconds(500))], residentBytes: 40_960)
    }

    static func node(
        _ names: [String] = ["a", "b", "c"], unhealthyStatus: Int = 500,
        _ change: (inout Verbs) -> Void = { _ in }
    ) -> Backend {
        var verbs = Verbs()
        change(&verbs)
        return Backend(
            board: board(names), hub: SignalHub(), version: "0.1.0", boot: "b1",
            unhealthyHTTPStatus: unhealthyStatus, now: { start }, run: verbs.run, history: verbs.history,
            heartbeats: verbs.heartbeats, hear: verbs.hear, pings: verbs.pings,
            points: verbs.points, vitalPoints: verbs.vitalPoints,
            uptime: verbs.uptime, episodes: verbs.episodes,
            transitions: verbs.transitions, deliveries: verbs.deliveries, test: verbs.test,
            retry: verbs.retry, healthSummary: verbs.healthSummary, readiness: verbs.readiness,
            metrics: { [board = board(names)] in metrics(board) }, editing: verbs.editing)
    }
}

extension Configuration {
    /// Nothing is watched, and nobody told.
    static let empty = Configuration(
        server: ServerSettings(), channels: [], systems: [], healthChecks: [], health: HealthSettings(),
        storage: StorageSettings())
}
