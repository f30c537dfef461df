import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("What follows from results")
struct DraftTests {
    @Test(
        "how many fails and passes it takes, and what is told",
        arguments: [
            Course("F F F", failure: 3, success: 1, "unknown unknown unhealthy", "1 2 3", told: "- - down"),
            Course(
                "F F F F F", failure: 3, success: 1, "unknown unknown unhealthy unhealthy unhealthy",
                "1 2 3 4 5",
                told: "- - down - -"),
            Course(
                "F F F P P", failure: 3, success: 2, "unknown unknown unhealthy unhealthy healthy",
                "1 2 3 0 0",
                told: "- - down - recovered"),
            Course("P", failure: 3, success: 1, "healthy", "0", told: "-"),
            Course(
                "F F P F F", failure: 3, success: 1, "unknown unknown healthy healthy healthy", "1 2 0 1 2",
                told: "- - - - -"),
        ])
    func course(_ course: Course) {
        var desk = LedgerDesk([course.healthCheck])
        for step in course.steps {
            let changes = desk.commit([desk.run(step.run)])
            #expect(desk.ledger.beliefs[NodeRig.id]?.evaluation.state.rawValue == step.state)
            #expect(desk.ledger.beliefs[NodeRig.id]?.evaluation.failures == step.failures)
            #expect(changes.batch.notifications.map(\.kind.rawValue) == (step.told == "-" ? [] : [step.told]))
            desk.deliverAll()
        }
    }

    @Test("run, state, transition, episode, page and notification stand in one batch")
    func oneBatch() throws {
        var desk = LedgerDesk([NodeRig.healthCheck(thresholds: Thresholds(failure: 1))])
        let batch = desk.commit([desk.run("F")]).batch
        #expect(batch.runs.count == 1)
        #expect(batch.evidence.count == 1)
        #expect(batch.evaluations[NodeRig.id]?.state == .unhealthy)
        #expect(batch.transitions.map(\.to) == [.unhealthy])
        let episode = try #require(batch.openedEpisodes.first?.id)
        #expect(batch.notifications.map(\.episode) == [episode])
        #expect(
            batch.pages[PageKey(NodeRig.id, ChannelID("ops"))] == Page(episode: episode, tellsRecovery: true))
    }

    @Test("a pass that changes nothing writes a run and nothing else")
    func narrow() {
        var desk = LedgerDesk([NodeRig.healthCheck()])
        _ = desk.commit([desk.run("P")])
        let run = desk.run("P")
        var expected = Batch()
        if case .run(let run, _, _) = run { expected.runs = [run] }
        #expect(desk.commit([run]).batch == expected)
    }

    @Test("in a window a pass writes its state until the last fail is past, and then nothing but the run")
    func narrowWindow() {
        let thresholds = Thresholds(window: 3, unhealthy: 2, degraded: 2)
        var desk = LedgerDesk([NodeRig.healthCheck(thresholds: thresholds)])
        for letter in ["P", "F"] { _ = desk.commit([desk.run(letter)]) }
        for isWritten in [true, true, true, false, false] {
            let changes = desk.commit([desk.run("P")])
            #expect(changes.batch.evaluations.isEmpty == !isWritten)
            let settled = desk.ledger.settled(changes.beliefs).settled
            #expect(
                settled
                    == (desk.ledger.beliefs[NodeRig.id]?.evaluation.recent.text == "P" ? [NodeRig.id] : []))
        }
    }

    @Test("an outage and its end within one batch are told to nobody, and are recorded")
    func cancelOut() {
        var desk = LedgerDesk([NodeRig.healthCheck(thresholds: Thresholds(failure: 1))])
        let changes = desk.commit([desk.run("F"), desk.run("P")])
        #expect(changes.batch.notifications.map(\.id) == changes.batch.cancelled)
        #expect(changes.batch.openedEpisodes.count == 1 && changes.batch.endedEpisodes.count == 1)
        #expect(desk.ledger.unsent == [:] && desk.ledger.pagers == [:])
    }

    @Test("a claim is granted once, and refused when the message was replaced or cancelled meanwhile")
    func claims() throws {
        var desk = LedgerDesk([NodeRig.healthCheck(thresholds: Thresholds(failure: 1))])
        let id = try #require(desk.commit([desk.run("F")]).batch.notifications.first?.id)
        let granted = desk.commit([.claim(id), .claim(id)])
        #expect(granted.consequences.claims.map(\.isGranted) == [true, false])
        #expect(granted.batch.claimed == [id])
        let refused = desk.commit([.claim(NotificationID("no such"))])
        #expect(refused.consequences.claims.map(\.isGranted) == [false])
        #expect(refused.batch.claimed == [])
    }

    @Test("the end waits for the last attempt at the onset, and is ready in the batch that records it")
    func order() throws {
        var desk = LedgerDesk([NodeRig.healthCheck(thresholds: Thresholds(failure: 1))])
        let down = try #require(desk.commit([desk.run("F")]).batch.notifications.first)
        _ = desk.commit([.claim(down.id)])
        let up = desk.commit([desk.run("P")])
        #expect(up.batch.notifications.map(\.kind) == [.recovered])
        #expect(up.consequences.ready == [])
        let failed = desk.commit([desk.attempt(down, .answered(httpStatus: 503), isLast: false)])
        #expect(failed.consequences.ready == [])
        let delivered = desk.commit([desk.attempt(down, .delivered(httpStatus: 200), number: 2, isLast: true)]
        )
        #expect(delivered.consequences.ready.map(\.notification) == up.batch.notifications)
    }

    @Test(
        "a miss that goes on where the last one ended is the same row; another reason or a gap begins another"
    )
    func misses() {
        var desk = LedgerDesk([NodeRig.healthCheck()])
        let grid = SlotGrid(NodeRig.id, every: .seconds(10))
        func miss(_ slot: Int, _ reason: MissReason) -> LedgerItem {
            let at = grid.next(after: Fixture.at(0)) + .seconds(10) * slot
            return .miss(Miss(of: NodeRig.id, from: at, to: at, count: 1, reason: reason))
        }
        let first = desk.commit([miss(0, .late), miss(1, .late)]).batch.misses
        #expect(first.map(\.count) == [1, 2])
        let grown = desk.commit([miss(2, .late)]).batch.misses
        #expect(grown.map(\.count) == [3] && grown.first?.from == first.first?.from)
        #expect(desk.commit([miss(3, .backoff)]).batch.misses.map(\.count) == [1])
        #expect(desk.commit([miss(5, .backoff)]).batch.misses.map(\.count) == [1])
    }

    @Test("the server repeats itself at most once an hour for each reason")
    func selfAlerts() {
        var desk = LedgerDesk([NodeRig.healthCheck(), NodeRig.healthCheck("b")])
        var told: [Int] = []
        for second in stride(from: 0, to: 7_300, by: 10) {
            desk.now = Fixture.at(Int64(second))
            // Every third begins a row of three anew.
            let items = [desk.run("I"), desk.run("I"), desk.run("I"), desk.run("P")]
            told += desk.commit(items).batch.notifications.filter { $0.kind == .self }.map { _ in second }
        }
        #expect(told == [0, 3_600, 7_200])
    }

    @Test("a delivery that fails for good is told of, though not to the channel that it failed on")
    func refused() throws {
        for outcome in [DeliveryOutcome.answered(httpStatus: 410), .answered(httpStatus: 503)] {
            var desk = LedgerDesk(
                [NodeRig.healthCheck(thresholds: Thresholds(failure: 1))], channels: ["ops", "mail"])
            let down = try #require(desk.commit([desk.run("F")]).batch.notifications.first)
            _ = desk.commit([.claim(down.id)])
            let told = desk.commit([desk.attempt(down, outcome, isLast: true)]).batch.notifications
            #expect(told.map(\.kind) == [.self])
            #expect(told.map(\.channel.text) == ["mail"])
        }
    }

    @Test("once a refused login works again, no slot is skipped any more")
    func backOffEnds() {
        var desk = LedgerDesk([NodeRig.healthCheck()])
        #expect(desk.commit([desk.run("A")]).consequences.backOffs.count == 1)
        let ended = desk.commit([desk.run("P")]).consequences.backOffs
        #expect(ended.map(\.until) == [desk.now])
    }

    @Test("the body of a notification is as documented")
    func body() throws {
        var desk = LedgerDesk([NodeRig.healthCheck(thresholds: Thresholds(failure: 1))])
        let down = try #require(desk.commit([desk.run("F")]).batch.notifications.first)
        let view = try #require(desk.ledger.profiles[NodeRig.id])
        var shown = view
        shown.evaluation = desk.ledger.beliefs[NodeRig.id]?.evaluation ?? Evaluation()
        shown.lastRun = desk.ledger.beliefs[NodeRig.id]?.lastRun
        let expected: JSON = [
            "id": .string(down.id.text), "type": "down", "at": JSON(down.at),
            "episode": JSON(down.episode?.text), "reason": nil, "system": ["id": "db", "name": "db"],
            "health_check": shown.json(at: down.createdAt), "previous_state": "unknown", "state": "unhealthy",
            "link": nil,
        ]
        #expect(down.body == expected.text)
        let itself = Notice(ofItself: "store_unwritable", to: ChannelID("ops"), at: Fixture.at(0))
        #expect(
            itself.written(nil, at: Fixture.at(1)).body == """
                {"id":"\(itself.id)","type":"self","at":"2026-11-21T00:00:00.000Z","episode":null,\
                "reason":"store_unwritable","system":null,"health_check":null,\
                "previous_state":null,"state":null,"link":null}
                """)
    }

    @Test("under a public URL a notification links to its health check, and to nothing when it has none")
    func link() throws {
        let views = [NodeRig.healthCheck(thresholds: Thresholds(failure: 1))]
        var desk = LedgerDesk(views, publicURL: "https://status.example.com/vitals")
        let down = try #require(desk.commit([desk.run("F")]).batch.notifications.first)
        let link = "https://status.example.com/vitals/health-checks/db.sql"
        #expect(down.body.contains(#""link":"\#(link)""#))
        #expect(Message(reading: down.body).link == link)
    }
}

/// Runs of one health check, and what each leads to.
struct Course: Sendable, CustomTestStringConvertible {
    struct Step {
        let run: String
        let state: String
        let failures: Int
        let told: String
    }

    let healthCheck: HealthCheck
    let steps: [Step]
    let testDescription: String

    init(
        _ runs: String, failure: Int, success: Int, _ states: String, _ failures: String, told: String
    ) {
        testDescription = runs
        healthCheck = NodeRig.healthCheck(thresholds: Thresholds(failure: failure, success: success))
        let columns = [runs, states, failures, told].map { $0.split(separator: " ").map(String.init) }
        steps = columns[0].indices.map {
            Step(
                run: columns[0][$0], state: columns[1][$0], failures: Int(columns[2][$0]) ?? -1,
                told: columns[3][$0])
        }
    }
}

/// A ledger to which items are committed as they come; the clock goes on by a second each time.
struct LedgerDesk {
    var ledger: Ledger
    var now = Fixture.at(0)

    init(_ healthChecks: [HealthCheck], channels: [String] = ["ops"], publicURL: String? = nil) {
        let views = healthChecks.map {
            HealthCheckView(
                $0, systemName: $0.system.text, address: "db:5432", evaluation: Evaluation(), lastRun: nil)
        }
        ledger = Ledger(
            profiles: views, channels: channels.map { NodeRig.channel($0) }, stored: StoredState(),
            publicURL: publicURL)
    }

    /// A run of `db.sql`: `P` passes, `F` is refused, `A` is refused to log in, `I` tells nothing.
    mutating func run(_ letter: String) -> LedgerItem {
        now = now + .seconds(1)
        let causes: [String: Cause] = ["F": .refused, "A": .authFailed, "I": .internal]
        guard let cause = causes[letter] else {
            return .run(Fixture.pass(of: NodeRig.id, at: now), ticket: 1, isEvaluated: true)
        }
        let fail = Fixture.fail(of: NodeRig.id, at: now, cause: cause)
        let run = Run(
            of: fail.healthCheck, at: fail.at, startedAt: fail.startedAt, trigger: fail.trigger,
            outcome: letter == "I" ? .inconclusive : .fail, result: fail.result)
        return .run(run, ticket: 1, isEvaluated: true)
    }

    func attempt(
        _ notification: VitalsEngine.Notification, _ outcome: DeliveryOutcome, number: Int = 1, isLast: Bool
    ) -> LedgerItem {
        .attempt(
            Attempt(
                notification: notification.id, number: number, at: now, outcome: outcome,
                nextAttemptAt: isLast ? nil : now + .seconds(1)), of: notification)
    }

    mutating func commit(_ items: [LedgerItem]) -> Changes {
        let changes = ledger.draft(items, at: now)
        ledger.adopt(changes)
        return changes
    }

    /// Claims and delivers whatever waits.
    mutating func deliverAll() {
        for notification in ledger.unsent.values {
            _ = commit([.claim(notification.id)])
            _ = commit([attempt(notification, .delivered(httpStatus: 200), isLast: true)])
        }
    }
}
