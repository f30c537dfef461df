import Testing
import VitalsCore

@Suite("What a start means for a health check")
struct RestartTests {
    private let configured = HealthCheck(
        system: SystemID("orders-db"), check: CheckID("sql"), kind: ProbeKind("postgres", isDatabase: true),
        policy: .every(.seconds(10)), revision: Revision("0a"))
    private var grid: SlotGrid { SlotGrid(configured.id, every: .seconds(10)) }

    @Test("slots between its registration and a crash that came before any record are misses")
    func crashBeforeTheFirstRecord() {
        let consequences = start(registered: 1_000, newest: nil, at: 1_035)
        let first = grid.next(after: .second(1_000))
        let last = grid.latest(at: .second(1_035))
        let count = grid.count(from: first, through: last)
        let missed = Miss(of: configured.id, from: first, to: last, count: count, reason: .notRunning)
        #expect(consequences == [.missed(missed), .runAtOnce])
    }

    @Test("slots of before it was enabled again, or its interval changed, are no misses")
    func registeredSince() {
        let consequences = start(registered: 1_000, newest: 500, at: 1_000.000001)
        #expect(consequences == [.runAtOnce])
    }

    @Test("slots since the last one that is accounted for are one row of misses")
    func sinceTheLast() {
        let consequences = start(registered: 1_000, newest: 2_000, at: 2_035)
        let first = grid.next(after: .second(2_000))
        let last = grid.latest(at: .second(2_035))
        let count = grid.count(from: first, through: last)
        let missed = Miss(of: configured.id, from: first, to: last, count: count, reason: .notRunning)
        #expect(consequences == [.missed(missed)])
    }

    private func start(registered: Double, newest: Double?, at now: Double) -> [Restart.Consequence] {
        Restart.consequences(
            for: configured.id,
            before: Restart.Before(
                revision: configured.revision, interval: .seconds(10), isEnabled: true,
                registered: .second(registered), newest: newest.map { .second($0) }),
            configured: configured, at: .second(now))
    }
}
