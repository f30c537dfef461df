import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("How things are shown")
struct ViewTests {
    private static var run: Run {
        Run(
            of: HealthCheckID("orders-db.sql"), at: Fixture.at(3),
            startedAt: Fixture.at(3) + .milliseconds(120),
            trigger: .confirm, outcome: .fail,
            result: ProbeResult(
                fault: Fault(.refused, in: .connect, message: "connection refused by 127.0.0.1:5433"),
                latency: .microseconds(410),
                phases: [
                    PhaseTiming(.resolve, .microseconds(110)), PhaseTiming(.connect, .microseconds(300)),
                ]))
    }

    private static let runText = """
        {"at":"2026-11-21T00:00:03.120Z","slot":null,"location":"local","trigger":"confirm","outcome":"fail",\
        "cause":"refused","phase":"connect","code":null,"message":"connection refused by 127.0.0.1:5433",\
        "latency_ms":0.41,"phases_ms":{"resolve":0.11,"connect":0.3},\
        "conditions":[],"findings":[{"cause":"refused","severity":"critical",\
        "message":"connection refused by 127.0.0.1:5433"}]}
        """

    @Test("a health check, with everything known of it")
    func healthCheck() {
        let view = HealthCheckView(
            Fixture.healthCheck("orders-db", "sql"), systemName: "Orders database", address: "db1:5432",
            evaluation: Evaluation(
                state: .unhealthy, since: Fixture.at(3), isStale: false, failures: 3, successes: 0,
                nonPasses: 3,
                hasWarn: false, hasPassed: true, authFailures: 0, episode: EpisodeID("01JD")),
            lastRun: Self.run)
        let grid = SlotGrid(HealthCheckID("orders-db.sql"), every: .seconds(10))
        #expect(
            view.json(at: Fixture.at(5)).text == """
                {"id":"orders-db.sql","system":{"id":"orders-db","name":"Orders database"},\
                "check":{"id":"sql","kind":"postgres"},"target":"db1:5432","enabled":true,\
                "paused":false,"critical":true,\
                "state":"unhealthy","since":"2026-11-21T00:00:03.000Z","stale":false,\
                "consecutive_failures":3,\
                "consecutive_successes":0,"episode":"01JD","interval_seconds":10,"timeout_seconds":5,\
                "thresholds":{"failure":3,"success":1,"warn":3,"degraded":null},\
                "last_run":\(Self.runText),"vitals":[],\
                "next_slot":"\(grid.next(after: Fixture.at(5)).iso8601)"}
                """)
    }

    @Test("a disabled health check that has never run has no next slot and nothing else")
    func fresh() {
        let view = HealthCheckView(
            Fixture.healthCheck("a", "b", interval: .milliseconds(1_500), isEnabled: false), systemName: "a",
            address: "x", evaluation: Evaluation(), lastRun: nil)
        let text = view.json(at: Fixture.at(5)).text
        for member in [
            #""enabled":false"#, #""state":"unknown","since":null"#, #""episode":null"#,
            #""interval_seconds":1.5"#,
            #""last_run":null,"vitals":[],"next_slot":null"#,
        ] {
            #expect(text.contains(member))
        }
    }

    @Test("a run shows when it really started and when it was due; a pass has no cause")
    func run() {
        #expect(Self.run.json.text == Self.runText)
        let text = Fixture.pass(of: HealthCheckID("a.b"), at: Fixture.at(1)).json.text
        #expect(text.contains(#""at":"2026-11-21T00:00:01.000Z","slot":"2026-11-21T00:00:01.000Z""#))
        #expect(text.contains(#""cause":null,"phase":null,"code":null,"message":null,"latency_ms":0.412"#))
    }

    @Test("a run shows its conditions, with what was seen and what was the matter")
    func conditions() {
        let result = ProbeResult(
            latency: .zero,
            conditions: [
                ConditionResult(
                    condition: "[STATUS] == 200", level: .fail, verdict: .fails, seen: "[STATUS] (500) == 200"
                ),
                ConditionResult(
                    condition: "[BODY].x > 1", level: .warn, verdict: .error("there is no `x`"),
                    seen: "[BODY].x (missing) > 1"),
            ])
        #expect(
            result.conditionsJSON.text == """
                [{"condition":"[STATUS] == 200","level":"fail","verdict":"fails",\
                "seen":"[STATUS] (500) == 200","error":null},\
                {"condition":"[BODY].x > 1","level":"warn","verdict":"error",\
                "seen":"[BODY].x (missing) > 1","error":"there is no `x`"}]
                """)
    }

    @Test("a miss")
    func miss() {
        let miss = Miss(
            of: HealthCheckID("a.b"), from: Fixture.at(1), to: Fixture.at(2), count: 2, reason: .inFlight)
        #expect(
            HistoryItem.miss(miss).json.text == """
                {"missed":{"from":"2026-11-21T00:00:01.000Z","to":"2026-11-21T00:00:02.000Z","count":2,\
                "reason":"in_flight"}}
                """)
    }

    @Test("a system")
    func system() {
        let system = System(
            id: SystemID("a"), name: " Ä\"", links: [System.Link(label: "runbook", url: "https://x")],
            groups: ["payments"],
            labels: [System.Label(name: "host", value: "h"), System.Label(name: "pw", value: nil)],
            healthChecks: [HealthCheckID("a.b")])
        #expect(
            SystemView(system, state: SystemState(of: [])).json.text == """
                {"id":"a","name":" Ä\\"","description":"","links":{"runbook":"https://x"},\
                "groups":["payments"],"labels":{"host":"h","pw":null},"state":"unknown","stale":false,\
                "since":null,"health_checks":["a.b"]}
                """)
    }

    @Test("a delivery, as a list shows it and as the stream tells it")
    func delivery() {
        let notification = VitalsEngine.Notification(
            id: NotificationID("N"), channel: ChannelID("ops"), kind: .down, at: Fixture.at(0),
            createdAt: Fixture.at(0), episode: EpisodeID("E"), healthCheck: HealthCheckID("a.b"), body: "{}")
        let outcome = DeliveryOutcome.answered(httpStatus: 503)
        let attempt = Attempt(
            notification: notification.id, number: 2, at: Fixture.at(1), outcome: outcome,
            nextAttemptAt: Fixture.at(3))
        let rest = """
            "notification":"N","episode":"E","type":"down","health_check":"a.b","channel":"ops","attempt":2,\
            "at":"2026-11-21T00:00:01.000Z","status":"failed","http_status":503,"error":"answered 503",\
            "next_attempt_at":"2026-11-21T00:00:03.000Z"}
            """
        let delivery = Delivery(
            id: 7, notification: notification.id, episode: notification.episode, kind: .down,
            healthCheck: notification.healthCheck, channel: notification.channel, attempt: 2,
            at: Fixture.at(1),
            status: .failed, httpStatus: 503, error: "answered 503", nextAttemptAt: Fixture.at(3))
        #expect(delivery.json.text == #"{"id":7,"# + rest)
        #expect(Signal(sequence: 1, content: .delivery(attempt, of: notification)).json.text == "{" + rest)
    }
}
