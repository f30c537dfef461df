import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("What waits to be recorded")
struct InboxTests {
    private static let id = HealthCheckID("db.sql")
    private static let now = Fixture.at(0)

    private static func pass(_ second: Int64, _ id: HealthCheckID = id) -> LedgerItem {
        .run(Fixture.pass(of: id, at: Fixture.at(second)), ticket: Int(second), isEvaluated: true)
    }

    private static func fail(_ second: Int64) -> LedgerItem {
        .run(Fixture.fail(of: id, at: Fixture.at(second)), ticket: Int(second), isEvaluated: true)
    }

    @Test("a pass that changes nothing waits 250 ms; whatever changes something or is waited for, 25 ms")
    func patience() {
        let settled = Inbox(unsettled: [])
        let unsettled = Inbox(unsettled: [Self.id])
        let miss = LedgerItem.miss(
            Miss(of: Self.id, from: Self.now, to: Self.now, count: 1, reason: .late))
        let cases: [(Inbox, LedgerItem, Bool, Int)] = [
            (settled, Self.pass(1), false, 250), (settled, Self.pass(1), true, 25),
            (unsettled, Self.pass(1), false, 25), (settled, Self.fail(1), false, 25),
            (settled, miss, false, 250), (settled, .claim(NotificationID("N")), false, 25),
        ]
        for (inbox, item, isAwaited, milliseconds) in cases {
            var inbox = inbox
            inbox.add(item, isAwaited: isAwaited, at: Self.now)
            #expect(inbox.nextCommit == Self.now + .milliseconds(milliseconds))
            #expect(inbox.take(at: Self.now + .milliseconds(milliseconds - 1), isStopping: false) == nil)
            #expect(inbox.take(at: Self.now + .milliseconds(milliseconds), isStopping: false) == [item])
        }
    }

    @Test("ten thousand pings are held, through commits that fail, and no more")
    func pings() {
        var inbox = Inbox(unsettled: [])
        let ping = HeardPing(
            of: Self.id, at: Self.now, Ping(.success), dialect: .kuma, client: "", agent: "", body: "")
        func add(_ tickets: ClosedRange<Int>, at now: Timestamp) -> Int {
            tickets.count { inbox.add(ping, ticket: $0, at: now) }
        }
        #expect(add(1...10_000, at: Self.now) == 10_000)
        #expect(inbox.nextCommit == Self.now + .milliseconds(25))
        #expect(add(0...0, at: Self.now) == 0)
        let later = Self.now + .seconds(1)
        let batch = inbox.take(at: later, isStopping: false) ?? []
        #expect(add(10_001...10_001, at: later) == 1)
        _ = inbox.failed(batch, at: later)
        #expect(add(0...0, at: later) == 0)
        var tickets: [Int] = []
        while let batch = inbox.take(at: later + .seconds(60), isStopping: false) {
            for case .ping(_, let ticket) in batch { tickets.append(ticket) }
            inbox.committed(settled: [], unsettled: [], at: later + .seconds(60))
        }
        #expect(tickets == Array(1...10_001))
    }

    @Test("five hundred results wait no longer")
    func full() {
        var inbox = Inbox(unsettled: [])
        for second in 1...499 { inbox.add(Self.pass(Int64(second)), isAwaited: false, at: Self.now) }
        #expect(inbox.nextCommit == Self.now + .milliseconds(250))
        inbox.add(Self.pass(500), isAwaited: false, at: Self.now)
        #expect(inbox.nextCommit == Self.now)
    }

    @Test("what comes during a commit has its own time: commits stay rare while results stream in")
    func duringCommit() {
        var inbox = Inbox(unsettled: [])
        inbox.add(Self.pass(1), isAwaited: false, at: Self.now)
        let first = Self.now + .milliseconds(250)
        #expect(inbox.take(at: first, isStopping: false) != nil)
        inbox.add(Self.pass(2), isAwaited: false, at: first + .milliseconds(1))
        #expect(inbox.nextCommit == nil)
        inbox.committed(settled: [], unsettled: [], at: first + .milliseconds(5))
        #expect(inbox.nextCommit == first + .milliseconds(251))
    }

    @Test("what does not fit into one batch goes with the next, at once")
    func leftOver() {
        var inbox = Inbox(unsettled: [])
        for second in 1...2_500 { inbox.add(Self.pass(Int64(second)), isAwaited: false, at: Self.now) }
        #expect(inbox.take(at: Self.now, isStopping: false)?.count == 2_000)
        inbox.committed(settled: [], unsettled: [], at: Self.now)
        #expect(inbox.take(at: Self.now, isStopping: false)?.count == 500)
        inbox.committed(settled: [], unsettled: [], at: Self.now)
        #expect(inbox.isEmpty)
    }

    @Test("a health check whose pass changed nothing any more is settled from then on, and the reverse")
    func settling() {
        var inbox = Inbox(unsettled: [Self.id])
        inbox.committed(settled: [Self.id], unsettled: [], at: Self.now)
        inbox.add(Self.pass(1), isAwaited: false, at: Self.now)
        #expect(inbox.nextCommit == Self.now + .milliseconds(250))
        _ = inbox.take(at: Self.now, isStopping: true)
        inbox.committed(settled: [], unsettled: [Self.id], at: Self.now)
        inbox.add(Self.pass(2), isAwaited: false, at: Self.now)
        #expect(inbox.nextCommit == Self.now + .milliseconds(25))
    }

    @Test("a failing store is tried again after pauses that grow to 5 s, same batch first; the rest follows")
    func failing() {
        var inbox = Inbox(unsettled: [])
        inbox.add(Self.fail(1), isAwaited: false, at: Self.now)
        var now = Self.now + .milliseconds(25)
        var pauses: [Duration] = []
        for number in 2...7 {
            guard let batch = inbox.take(at: now, isStopping: false) else {
                Issue.record("nothing to take")
                return
            }
            #expect(batch == [Self.fail(1)])
            inbox.add(Self.fail(Int64(number)), isAwaited: true, at: now)
            _ = inbox.failed(batch, at: now)
            guard let next = inbox.nextCommit else { return }
            pauses.append(next - now)
            now = next
        }
        #expect(pauses == [500, 1_000, 2_000, 4_000, 5_000, 5_000].map { .milliseconds($0) })
        #expect(inbox.take(at: now, isStopping: false) == [Self.fail(1)])
        inbox.committed(settled: [], unsettled: [], at: now)
        #expect(
            inbox.take(at: now, isStopping: false)
                == [.speak("store_writable")] + (2...7).map { Self.fail(Int64($0)) })
    }

    @Test("a store is not well after three failures, after 10 s of them, or when a commit hangs for 10 s")
    func isStoreWell() {
        var inbox = Inbox(unsettled: [])
        inbox.add(Self.pass(1), isAwaited: true, at: Self.now)
        for failures in 1...3 {
            guard let batch = inbox.take(at: Self.now, isStopping: true) else { return }
            _ = inbox.failed(batch, at: Self.now)
            #expect(inbox.isStoreWell(at: Self.now) == (failures < 3))
        }
        #expect(inbox.take(at: Self.now, isStopping: true) != nil)
        inbox.committed(settled: [], unsettled: [], at: Self.now)
        #expect(inbox.isStoreWell(at: Self.now))
        inbox.add(Self.pass(2), isAwaited: true, at: Self.now)
        guard let batch = inbox.take(at: Self.now, isStopping: true) else { return }
        #expect(inbox.isStoreWell(at: Self.now + .seconds(10)))
        #expect(!inbox.isStoreWell(at: Self.now + .seconds(11)))
        _ = inbox.failed(batch, at: Self.now)
        #expect(!inbox.isStoreWell(at: Self.now + .seconds(11)))
    }

    @Test("beyond its bound results become misses, one row a health check, in their place in the order")
    func overflow() {
        var inbox = Inbox(unsettled: [], capacity: 3)
        for second in 1...3 { inbox.add(Self.pass(Int64(second)), isAwaited: false, at: Self.now) }
        guard let batch = inbox.take(at: Self.now, isStopping: true) else { return }
        _ = inbox.failed(batch, at: Self.now)
        for second in 4...1_000 { inbox.add(Self.pass(Int64(second)), isAwaited: false, at: Self.now) }
        guard let again = inbox.take(at: Self.now, isStopping: true) else { return }
        #expect(again == (1...3).map { Self.pass(Int64($0)) })
        // There is room again before the rest was taken: what was lost still comes first.
        inbox.add(Self.pass(1_001), isAwaited: false, at: Self.now)
        inbox.committed(settled: [], unsettled: [], at: Self.now)
        let miss = Miss(
            of: Self.id, from: Fixture.at(4), to: Fixture.at(1_000), count: 997, reason: .store)
        #expect(inbox.take(at: Self.now, isStopping: true) == [.miss(miss), Self.pass(1_001)])
    }

    @Test("results are kept well, then held while the store fails, then lost, then kept well again")
    func storeState() {
        var inbox = Inbox(unsettled: [], capacity: 3)
        for second in 1...3 { inbox.add(Self.pass(Int64(second)), isAwaited: false, at: Self.now) }
        #expect(inbox.storeState(at: Self.now) == .healthy)
        for _ in 1...3 {
            guard let batch = inbox.take(at: Self.now, isStopping: true) else { return }
            _ = inbox.failed(batch, at: Self.now)
        }
        #expect(inbox.storeState(at: Self.now) == .degraded)
        inbox.add(Self.pass(4), isAwaited: false, at: Self.now)
        #expect(inbox.storeState(at: Self.now) == .unhealthy)
        while let batch = inbox.take(at: Self.now, isStopping: true), !batch.isEmpty {
            inbox.committed(settled: [], unsettled: [], at: Self.now)
        }
        #expect(inbox.storeState(at: Self.now) == .healthy)
        _ = inbox.foundDamage(at: Self.now)
        #expect(inbox.storeState(at: Self.now) == .unhealthy)
    }

    @Test("a run that somebody waits for has room always")
    func awaitedBeyondBound() {
        var inbox = Inbox(unsettled: [], capacity: 1)
        inbox.add(Self.pass(1), isAwaited: false, at: Self.now)
        inbox.add(Self.pass(2), isAwaited: true, at: Self.now)
        #expect(inbox.take(at: Self.now, isStopping: true)?.count == 2)
    }

    @Test("its memory is bounded whatever comes while the store fails", arguments: 0..<5)
    func bounded(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var inbox = Inbox(unsettled: [], capacity: 100)
        var held = 0
        var slots: [HealthCheckID: Int64] = [:]
        for _ in 0..<20_000 {
            let id = HealthCheckID("s.\(Int.random(in: 0..<10, using: &generator))")
            slots[id, default: 0] += 1
            inbox.add(Self.pass(slots[id] ?? 0, id), isAwaited: false, at: Self.now)
            if Int.random(in: 0..<50, using: &generator) == 0,
                let batch = inbox.take(at: Self.now, isStopping: true)
            {
                held = max(held, batch.count)
                if Bool.random(using: &generator) {
                    _ = inbox.failed(batch, at: Self.now)
                } else {
                    inbox.committed(settled: [], unsettled: [], at: Self.now)
                }
            }
        }
        #expect(held <= 220)
    }
}
