import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("What is continued, and what is not")
struct ContinuingTests {
    private static let id = Fixture.healthCheck("db", "sql").id

    private static func ledger(_ healthChecks: [HealthCheck], _ stored: StoredState = StoredState()) -> Ledger
    {
        let views = healthChecks.map {
            HealthCheckView(
                $0, systemName: $0.system.text, address: "db", evaluation: Evaluation(), lastRun: nil)
        }
        return Ledger(profiles: views, channels: [], stored: stored)
    }

    private static func commit(
        _ items: [LedgerItem], to ledger: inout Ledger, _ store: MemoryStore, at seconds: Int64
    ) async throws {
        let changes = ledger.draft(items, at: Fixture.at(seconds))
        try await store.record(changes.batch)
        ledger.adopt(changes)
    }

    @Test(
        "a vital past its edge goes on degrading after a start, under another id too",
        arguments: [false, true])
    func vitals(isRenamed: Bool) throws {
        let rule = VitalRule("used_percent", unit: "%", "places in use", every: .seconds(60), warn: 80)
        let before = Fixture.healthCheck("db", "sql")
        let after = Fixture.healthCheck(isRenamed ? "ledger" : "db", "sql", vitals: [rule])
        var known = KnownVitals()
        _ = known.judge(
            ProbeResult(latency: .zero, vitals: [Vital("used_percent", 90, unit: "%")]), [rule],
            keptFor: .seconds(30), at: Fixture.at(1))
        let stored = StoredState(healthChecks: [
            before.id: StoredHealthCheck(
                evaluation: Evaluation(), revision: before.revision, interval: before.policy.interval,
                isEnabled: true, registeredAt: Fixture.at(0), lastRun: nil, lastSlot: nil, lastMiss: nil,
                vitals: known)
        ])
        let ledger = Self.ledger([after], isRenamed ? stored.renamed([before.id: after.id]) : stored)
        let run = Fixture.pass(of: after.id, at: Fixture.at(10))
        let changes = ledger.draft([.run(run, ticket: 1, isEvaluated: true)], at: Fixture.at(10))
        #expect(changes.batch.runs.first?.outcome == .warn)
        #expect(changes.batch.runs.first?.result.fault?.code == "used_percent")
    }

    private static func miss(from: Int64, to: Int64, count: Int) -> LedgerItem {
        .miss(Miss(of: id, from: Fixture.at(from), to: Fixture.at(to), count: count, reason: .late))
    }

    /// What was true of the target or the slots of before, by what is changed.
    @Test(
        "a new registration forgets the last run and joins no miss, at once and after a restart",
        arguments: [
            Fixture.healthCheck("db", "sql", revision: "0b"),
            Fixture.healthCheck("db", "sql", interval: .seconds(20)),
            Fixture.healthCheck("db", "sql", isEnabled: false),
        ])
    func registration(changed: HealthCheck) async throws {
        let store = MemoryStore()
        let before = Fixture.healthCheck("db", "sql")
        var ledger = Self.ledger([before])
        try await Self.commit([.register(before)], to: &ledger, store, at: 0)
        let run = Fixture.fail(of: Self.id, at: Fixture.at(10))
        try await Self.commit(
            [.run(run, ticket: 1, isEvaluated: true), Self.miss(from: 20, to: 30, count: 2)],
            to: &ledger, store, at: 31)
        #expect(ledger.beliefs[Self.id]?.lastRun == run)
        #expect(ledger.lastMisses[Self.id]?.count == 2)

        ledger = Self.ledger([changed], try await store.load())
        try await Self.commit(
            [.reset(Self.id, .reconfigured), .register(changed)], to: &ledger, store, at: 35)
        let reloaded = Self.ledger([changed], try await store.load())
        for var known in [ledger, reloaded] {
            #expect(known.beliefs[Self.id]?.lastRun == nil)
            #expect(known.lastMisses[Self.id] == nil)
            let interval = changed.policy.interval.microseconds / 1_000_000
            let changes = known.draft(
                [Self.miss(from: 30 + interval, to: 30 + interval, count: 1)], at: Fixture.at(60))
            #expect(changes.batch.misses.map(\.count) == [1])
            known.adopt(changes)
            #expect(known.lastMisses[Self.id]?.count == 1)
        }
    }

    @Test("a removed health check's last miss does not come back with it")
    func removal() async throws {
        let store = MemoryStore()
        let healthCheck = Fixture.healthCheck("db", "sql")
        var ledger = Self.ledger([healthCheck])
        try await Self.commit([.register(healthCheck)], to: &ledger, store, at: 0)
        try await Self.commit([Self.miss(from: 10, to: 20, count: 2)], to: &ledger, store, at: 21)
        ledger = Self.ledger([], try await store.load())
        try await Self.commit([.reset(Self.id, .removed), .remove(Self.id)], to: &ledger, store, at: 25)
        #expect(ledger.lastMisses == [:] && ledger.beliefs == [:])
        #expect(Self.ledger([], try await store.load()).lastMisses == [:])
        ledger = Self.ledger([healthCheck], try await store.load())
        try await Self.commit([.register(healthCheck)], to: &ledger, store, at: 26)
        for known in [ledger, Self.ledger([healthCheck], try await store.load())] {
            let changes = known.draft([Self.miss(from: 30, to: 30, count: 1)], at: Fixture.at(31))
            #expect(changes.batch.misses.map(\.count) == [1])
        }
    }

    @Test("health checks that are overdue together come in the order of their ids")
    func overdueInOrder() {
        let names = (0..<20).map { "s\($0)" }
        var ledger = Self.ledger(names.reversed().map { Fixture.healthCheck($0, "sql") })
        let start = Fixture.at(0)
        let overdue = ledger.overdue(baseline: start, at: Fixture.at(3_600))
        #expect(
            overdue == names.map { HealthCheckID("\($0).sql") }.sorted().map { .age($0, baseline: start) })
    }
}
