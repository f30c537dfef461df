import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("What a node's metrics say")
struct NodeMetricsTests {
    private static let id = HealthCheckID("a.sql")

    private static func board(isEnabled: Bool = true) -> Board {
        let check = Fixture.healthCheck("a", "sql", isEnabled: isEnabled)
        return Board(
            systems: [System(id: SystemID("a"), healthChecks: [id])],
            views: [
                HealthCheckView(check, systemName: "a", address: "", evaluation: Evaluation(), lastRun: nil)
            ], startedAt: Fixture.at(0))
    }

    /// Takes in runs one after the other, as one commit.
    private static func record(
        _ runs: [Run], _ misses: [Miss] = [], on board: Board, at now: Timestamp
    ) {
        let check = Fixture.healthCheck("a", "sql")
        var belief = Belief()
        var consequences = Consequences()
        for run in runs {
            _ = belief.apply(run, check.policy, isDatabase: true)
            consequences.signals.append(.runCompleted(run))
        }
        consequences.misses = misses
        board.update(runs.isEmpty ? [:] : [id: belief], counting: consequences, at: now)
    }

    /// The lines of the health check's families, without their common labels.
    private static func lines(_ board: Board, at now: Timestamp) async -> [String] {
        let (healthChecks, records) = board.everything(at: now)
        let metrics = NodeMetrics(
            version: "1", startedAt: Fixture.at(0), healthChecks: healthChecks, records: records,
            channels: [], probesInFlight: 0, probesWaiting: 0, heldResults: 0, storeFailures: 0,
            isStoreWell: true, pendingNotifications: 0, oldestPending: nil, beatAges: [], residentBytes: nil)
        var writer = MetricWriter(.text)
        await metrics.write(to: &writer)
        return String(decoding: writer.finish(), as: UTF8.self).split(separator: "\n").map(String.init)
            .filter { !$0.hasPrefix("#") }
            .map {
                $0.replacing(#"{health_check="a.sql",system="a",check="sql",kind="postgres","#, with: "{")
                    .replacing(#"{health_check="a.sql",system="a"}"#, with: "")
                    .replacing(#"{health_check="a.sql",system="a","#, with: "{")
                    .replacing("vitals_health_check_", with: "")
            }
    }

    @Test("of a health check that has never run: unknown, and nothing that was measured")
    func fresh() async {
        let lines = await Self.lines(Self.board(), at: Fixture.at(1))
        #expect(
            lines.prefix(7) == [
                #"state{state="unknown"} 1"#, #"state{state="healthy"} 0"#, #"state{state="degraded"} 0"#,
                #"state{state="unhealthy"} 0"#, "enabled 1", "stale 0", "consecutive_failures 0",
            ])
        #expect(lines.contains(#"runs_total{outcome="pass"} 0"#))
        for name in ["up", "last_run", "latency", "phase", "certificate", "missed"] {
            #expect(!lines.contains { $0.hasPrefix(name) }, "\(name)")
        }
    }

    @Test("of a pass: state, outcome, latency and phases")
    func pass() async {
        let board = Self.board()
        Self.record([Fixture.pass(of: Self.id, at: Fixture.at(3))], on: board, at: Fixture.at(3))
        let lines = await Self.lines(board, at: Fixture.at(4))
        for line in [
            #"state{state="healthy"} 1"#, #"state{state="unknown"} 0"#, "up 1",
            "last_run_timestamp_seconds 1795219203", #"last_run_outcome{outcome="pass"} 1"#,
            #"last_run_outcome{outcome="fail"} 0"#, "latency_seconds 0.000412",
            #"phase_seconds{phase="resolve"} 0.000011"#, #"phase_seconds{phase="connect"} 0.0003"#,
            #"runs_total{outcome="pass"} 1"#,
        ] { #expect(lines.contains(line), "\(line)") }
    }

    @Test("a fail has no latency; up is 0 once it is unhealthy")
    func fail() async {
        let board = Self.board()
        let runs = (1...3).map { Fixture.fail(of: Self.id, at: Fixture.at($0 * 10)) }
        Self.record(
            [Fixture.pass(of: Self.id, at: Fixture.at(3))] + runs, on: board, at: Fixture.at(31))
        let lines = await Self.lines(board, at: Fixture.at(32))
        for line in [
            #"state{state="unhealthy"} 1"#, "up 0", "consecutive_failures 3",
            #"last_run_outcome{outcome="fail"} 1"#, #"runs_total{outcome="pass"} 1"#,
            #"runs_total{outcome="fail"} 3"#,
        ] { #expect(lines.contains(line), "\(line)") }
        #expect(!lines.contains { $0.hasPrefix("latency") || $0.hasPrefix("phase") })
    }

    @Test("what nobody has looked at for too long is unknown, and is told no latency of")
    func stale() async {
        let board = Self.board()
        Self.record([Fixture.pass(of: Self.id, at: Fixture.at(3))], on: board, at: Fixture.at(3))
        let lines = await Self.lines(board, at: Fixture.at(600))
        #expect(lines.contains(#"state{state="unknown"} 1"#))
        #expect(lines.contains("stale 1"))
        #expect(lines.contains(#"last_run_outcome{outcome="pass"} 1"#))
        #expect(!lines.contains { $0.hasPrefix("up") || $0.hasPrefix("latency") || $0.hasPrefix("phase") })
    }

    @Test("days that a certificate lasts, also when it is why the run failed", arguments: [14, -2])
    func certificate(days: Int) async {
        let board = Self.board()
        var run = Fixture.fail(of: Self.id, at: Fixture.at(3), cause: .tlsCertExpired)
        var result = run.result
        result.facts[.certificateDaysLeft] = .number(400)
        result.facts[.certificateChainDaysLeft] = .number(days)
        run = Run(
            of: run.healthCheck, at: run.at, startedAt: run.startedAt, trigger: run.trigger,
            outcome: run.outcome, result: result)
        Self.record([run], on: board, at: Fixture.at(3))
        #expect(
            await Self.lines(board, at: Fixture.at(4)).contains(
                "certificate_remaining_seconds \(days * 86_400)"))
    }

    @Test("misses by reason, lateness and delay are counted, and outlive another configuration")
    func counts() async {
        let board = Self.board()
        let slot = Fixture.at(3)
        let pass = Fixture.pass(of: Self.id, at: slot)
        let late = Run(
            of: Self.id, at: slot, startedAt: slot + .milliseconds(30), trigger: .scheduled, outcome: .pass,
            result: pass.result)
        let miss = Miss(of: Self.id, from: slot, to: slot + .seconds(10), count: 2, reason: .inFlight)
        Self.record([late], [miss, miss], on: board, at: late.endedAt + .milliseconds(60))
        board.follow(
            [System(id: SystemID("a"), healthChecks: [Self.id])],
            [
                HealthCheckView(
                    Fixture.healthCheck("a", "sql"), systemName: "a", address: "", evaluation: Evaluation(),
                    lastRun: nil)
            ])
        let lines = await Self.lines(board, at: Fixture.at(4))
        for line in [
            #"missed_slots_total{reason="in_flight"} 4"#, #"runs_total{outcome="pass"} 1"#,
            #"vitals_scheduler_lateness_seconds_bucket{le="0.02"} 0"#,
            #"vitals_scheduler_lateness_seconds_bucket{le="0.1"} 1"#,
            "vitals_scheduler_lateness_seconds_sum 0.03",
            #"vitals_recording_delay_seconds_bucket{le="0.05"} 0"#,
            #"vitals_recording_delay_seconds_bucket{le="0.1"} 1"#,
        ] { #expect(lines.contains(line), "\(line)") }
        board.follow([], [])
        let left = await Self.lines(board, at: Fixture.at(4))
        #expect(!left.contains { $0.contains("outcome=") })
    }
}
