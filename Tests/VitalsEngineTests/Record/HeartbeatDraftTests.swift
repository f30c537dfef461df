import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("What follows from pings")
struct HeartbeatDraftTests {
    /// Every ten minutes, a minute late at most.
    static func healthCheck(isEnabled: Bool = true, period: Int = 600) -> HealthCheck {
        HealthCheck(
            system: SystemID("db"), check: CheckID("sql"), kind: ProbeKind("heartbeat", isDatabase: false),
            isEnabled: isEnabled,
            policy: Policy(
                interval: .seconds(60), timeout: .seconds(5), thresholds: Thresholds(failure: 1),
                confirmEvery: nil),
            bindings: [Binding(ChannelID("ops"))], revision: Revision("0a"),
            heartbeat: HeartbeatSchedule(.every(.seconds(period)), grace: .seconds(60)))
    }

    private func at(_ seconds: Int) -> Timestamp { Fixture.at(0) + .seconds(seconds) + .microseconds(7) }

    private func ping(
        _ kind: Ping.Kind, at seconds: Int, run: String? = nil, body: String = "", ticket: Int = 1
    ) -> LedgerItem {
        .ping(
            HeardPing(
                of: NodeRig.id, at: at(seconds), Ping(kind, run: run), dialect: .healthchecks,
                client: "127.0.0.1", agent: "curl", body: body), ticket: ticket)
    }

    private func slot(_ seconds: Int) -> LedgerItem {
        let at = at(seconds)
        let run = Run(
            of: Self.healthCheck(), at: at, startedAt: at, trigger: .scheduled,
            result: ProbeResult(latency: .zero))
        return .run(run, ticket: seconds, isEvaluated: true)
    }

    /// `12=p` is a success after 12 s, `f` a failure, `s` a start, `l` a log, `.` a slot, `?` its time is up.
    @Test(
        "state by state",
        arguments: [
            ("0=.", "unknown"), ("0=. 5=p", "unknown healthy"), ("0=s 5=.", "unknown healthy"),
            ("0=l 1=.", "unknown unknown"), ("0=p 5=f", "healthy unhealthy"),
            ("0=f 5=p", "unhealthy healthy"), ("0=p 5=l", "healthy healthy"),
            ("0=p 660=. 661=.", "healthy healthy unhealthy"), ("0=p 661=?", "healthy unhealthy"),
            ("0=p 660=p 661=?", "healthy healthy healthy"), ("0=p 661=? 700=p", "healthy unhealthy healthy"),
            ("0=p 10=s 71=?", "healthy healthy unhealthy"),
            ("0=p 10=s 20=p 71=?", "healthy healthy healthy healthy"),
            ("0=p 5=f 65=.", "healthy unhealthy unhealthy"),
        ])
    func states(_ story: String, _ expected: String) {
        var desk = LedgerDesk([Self.healthCheck()])
        var states: [String] = []
        for step in story.split(separator: " ") {
            let parts = step.split(separator: "=")
            let seconds = Int(parts[0]) ?? 0
            let item: LedgerItem =
                switch parts[1] {
                case "p": ping(.success, at: seconds)
                case "f": ping(.failure(status: 1), at: seconds)
                case "s": ping(.start, at: seconds)
                case "l": ping(.log, at: seconds)
                case "?": .due(NodeRig.id, at: at(seconds))
                default: slot(seconds)
                }
            desk.now = at(seconds)
            _ = desk.commit([item])
            states.append(desk.ledger.beliefs[NodeRig.id]?.evaluation.state.rawValue ?? "-")
        }
        #expect(states.joined(separator: " ") == expected)
    }

    @Test("an end is a run, at its instant and as long as the job took, in one batch with the ping")
    func oneBatch() throws {
        var desk = LedgerDesk([Self.healthCheck()])
        _ = desk.commit([ping(.start, at: 0, run: "r1")])
        let end = ping(.failure(status: 3), at: 42, run: "r1", body: "disk\u{1B}full\nmore", ticket: 9)
        let changes = desk.commit([end])
        let run = try #require(changes.batch.runs.first)
        #expect(run.at == at(42) && run.startedAt == at(0) && run.endedAt == at(42))
        #expect(run.trigger == .heartbeat && run.result.latency == .seconds(42))
        let fault = try #require(run.result.fault)
        #expect(fault.cause == .condition && fault.code == "exit 3")
        #expect(fault.message.hasSuffix(": disk full"))
        #expect(run.result.trace == "disk full\nmore")
        #expect(changes.batch.pings.map(\.ping.duration) == [.seconds(42)])
        #expect(changes.batch.heartbeats[NodeRig.id]?.lastEnd?.at == at(42))
        #expect(changes.batch.transitions.map(\.to) == [.unhealthy])
        #expect(changes.batch.notifications.count == 1)
        #expect(changes.consequences.heard.map(\.ticket) == [9])
    }

    @Test("pings of one instant, or of a slot's, have instants of their own")
    func instants() {
        var desk = LedgerDesk([Self.healthCheck()])
        let slot = SlotGrid(NodeRig.id, every: .seconds(60)).next(after: Fixture.at(0))
        let same = HeardPing(
            of: NodeRig.id, at: slot, Ping(.success), dialect: .kuma, client: "", agent: "", body: "")
        let changes = desk.commit((1...1_000).map { .ping(same, ticket: $0) })
        #expect(Set(changes.batch.pings.map(\.at)).count == 1_000)
        #expect(Set(changes.batch.runs.map(\.at)).count == 1_000)
        #expect(!changes.batch.runs.contains { $0.at == slot })
        #expect(!changes.consequences.heard.contains { !$0.isRecorded })
    }

    @Test("a slot that later pings have overtaken tells nothing")
    func overtaken() {
        var desk = LedgerDesk([Self.healthCheck()])
        _ = desk.commit([ping(.success, at: 0), ping(.failure(status: 1), at: 5_000)])
        #expect(desk.commit([slot(100)]).batch.runs.map(\.outcome) == [.inconclusive])
        #expect(desk.commit([slot(4_999)]).batch.runs.map(\.outcome) == [.fail])
    }

    @Test(
        "a ping accounts for no slot: those that have yet to be recorded are missed, at once or by a restart")
    func slots() async throws {
        let healthCheck = Self.healthCheck()
        var desk = LedgerDesk([healthCheck])
        let first = SlotGrid(NodeRig.id, every: .seconds(60)).next(after: Fixture.at(0))
        let run = Run(
            of: healthCheck, at: first, startedAt: first, trigger: .scheduled,
            result: ProbeResult(latency: .zero))
        let heard = HeardPing(
            of: NodeRig.id, at: first + .seconds(130), Ping(.success), dialect: .kuma, client: "", agent: "",
            body: "")
        let store = MemoryStore()
        let items: [LedgerItem] = [
            .register(healthCheck), .run(run, ticket: 1, isEvaluated: true), .ping(heard, ticket: 1),
        ]
        for item in items { try await store.record(desk.commit([item]).batch) }
        let missed = Miss(
            of: NodeRig.id, from: first + .seconds(60), to: first + .seconds(120), count: 2,
            reason: .notRunning)
        let now = first + .seconds(150)
        let before = desk.ledger.before(NodeRig.id)
        #expect(
            Restart.change(of: NodeRig.id, before: before, configured: nil, at: now).first == .missed(missed))
        let opened = desk.ledger.opening(try await store.load(), at: now)
        #expect(opened.items == [.miss(missed)])
    }

    @Test("what nobody is expected to ping any more is said to be nobody's")
    func removed() {
        var desk = LedgerDesk([])
        let changes = desk.commit([ping(.success, at: 0)])
        #expect(changes.consequences.heard.map(\.isRecorded) == [false])
        #expect(changes.batch.isEmpty)
    }

    @Test("while it is disabled pings are recorded, and change nothing")
    func disabled() {
        var desk = LedgerDesk([Self.healthCheck(isEnabled: false)])
        let batch = desk.commit([ping(.failure(status: nil), at: 0)]).batch
        #expect(batch.pings.count == 1 && batch.runs.count == 1)
        #expect(batch.transitions.isEmpty && batch.evaluations.isEmpty)
        #expect(desk.commit([.due(NodeRig.id, at: at(100_000))]).batch.isEmpty)
    }

    @Test("whoever was not listening gives one grace")
    func listening() {
        var desk = LedgerDesk([Self.healthCheck()])
        _ = desk.commit([ping(.success, at: 0)])
        desk.ledger.listen(since: at(10_000))
        #expect(desk.commit([.due(NodeRig.id, at: at(10_001))]).batch.runs.isEmpty)
        #expect(desk.ledger.deadlines[NodeRig.id] == at(10_060))
        #expect(desk.ledger.late(at: at(10_060)) == [])
        #expect(desk.ledger.late(at: at(10_061)) == [.due(NodeRig.id, at: at(10_061))])
        #expect(desk.ledger.late(at: at(10_062)) == [])
        #expect(desk.commit([.due(NodeRig.id, at: at(10_061))]).batch.transitions.map(\.to) == [.unhealthy])
        #expect(desk.ledger.deadlines[NodeRig.id] == nil)
    }
}
