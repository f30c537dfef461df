import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("What memory has no room for goes to the spool and comes back in order")
struct SpillTests {
    private static let id = HealthCheckID("db.sql")
    private static let now = Fixture.at(0)

    private static func run(_ second: Int, _ id: HealthCheckID = id) -> Run {
        Fixture.pass(of: id, at: Fixture.at(Int64(second)))
    }

    private static func held(_ second: Int, _ id: HealthCheckID = id) -> HeldResult {
        .run(run(second, id), ticket: second, isEvaluated: true)
    }

    private static func item(_ second: Int) -> LedgerItem { LedgerItem(held(second)) }

    /// One whose store has failed with ten results in memory, as many as there is room for.
    private static func full(hasSpool: Bool = true) throws -> Inbox {
        var inbox = Inbox(unsettled: [], capacity: 10, hasSpool: hasSpool)
        for second in 1...10 { inbox.add(item(second), isAwaited: false, at: now) }
        let batch = inbox.take(at: now, isStopping: true)
        _ = inbox.failed(try #require(batch), at: now)
        return inbox
    }

    /// Everything that is recorded once the store works again, in its order.
    private static func drain(_ inbox: inout Inbox, _ spool: inout [HeldResult]) -> [LedgerItem] {
        var recorded: [LedgerItem] = []
        for _ in 0..<1_000 where !inbox.isEmpty {
            if let batch = inbox.take(at: now, isStopping: true) {
                recorded += batch
                inbox.committed(settled: [], unsettled: [], at: now)
            }
            serve(&inbox, &spool)
        }
        return recorded
    }

    private static func serve(_ inbox: inout Inbox, _ spool: inout [HeldResult]) {
        while let step = inbox.spoolStep(at: now) {
            switch step {
            case .append(let results):
                spool += results
                inbox.spooled(results.count, at: now)
            case .take(let limit):
                let taken = Array(spool.prefix(limit))
                spool.removeFirst(taken.count)
                inbox.unspooled(taken, at: now)
            }
        }
    }

    @Test("five hundred at a time, and all comes back in its order", arguments: [11, 509, 510, 511, 7_777])
    func order(last: Int) throws {
        var inbox = try Self.full()
        var spool: [HeldResult] = []
        for second in 11...last {
            inbox.add(Self.item(second), isAwaited: false, at: Self.now)
            Self.serve(&inbox, &spool)
        }
        #expect(spool.count == (last - 10) / 500 * 500)
        #expect(inbox.held == last)
        #expect(Self.drain(&inbox, &spool) == (1...last).map(Self.item))
        #expect(inbox.held == 0)
        #expect(spool.isEmpty)
    }

    @Test("what comes while the rest comes back is behind it, and so is what somebody waits for")
    func newcomers() throws {
        var inbox = try Self.full()
        var spool: [HeldResult] = []
        for second in 11...4_000 {
            inbox.add(Self.item(second), isAwaited: false, at: Self.now)
            Self.serve(&inbox, &spool)
        }
        var recorded: [LedgerItem] = []
        for second in 4_001...4_500 {
            inbox.add(Self.item(second), isAwaited: second % 100 == 0, at: Self.now)
            if second % 100 == 0, let batch = inbox.take(at: Self.now, isStopping: true) {
                recorded += batch
                inbox.committed(settled: [], unsettled: [], at: Self.now)
                if second == 4_100 { #expect(inbox.isBehind) }
            }
            Self.serve(&inbox, &spool)
        }
        recorded += Self.drain(&inbox, &spool)
        #expect(recorded == (1...4_500).map(Self.item))
        #expect(!inbox.isBehind)
    }

    @Test("once it is full, slots are missed, in one row")
    func fullSpool() throws {
        var inbox = try Self.full()
        var spool: [HeldResult] = []
        var second = 10
        while second < 40_000 {
            second += 1
            inbox.add(Self.item(second), isAwaited: false, at: Self.now)
            guard let step = inbox.spoolStep(at: Self.now), case .append(let results) = step else { continue }
            let room = min(results.count, 700 - spool.count)
            spool += results.prefix(room)
            inbox.spooled(room, at: Self.now)
        }
        #expect(spool.count == 700)
        let miss = Miss(
            of: Self.id, from: Fixture.at(1_011), to: Fixture.at(40_000), count: 38_990, reason: .store)
        #expect(Self.drain(&inbox, &spool) == (1...1_010).map(Self.item) + [.miss(miss)])
    }

    @Test("a spool that cannot be written loses nothing that waits; what memory has no room for is missed")
    func brokenWriting() throws {
        var inbox = try Self.full()
        for second in 11...600 { inbox.add(Self.item(second), isAwaited: false, at: Self.now) }
        var steps = [inbox.spoolStep(at: Self.now)]
        inbox.spooled(nil, at: Self.now)
        inbox.add(Self.item(601), isAwaited: false, at: Self.now)
        steps.append(inbox.spoolStep(at: Self.now))
        #expect(steps.map { $0 != nil } == [true, false])
        var spool: [HeldResult] = []
        let miss = Miss(of: Self.id, from: Fixture.at(601), to: Fixture.at(601), count: 1, reason: .store)
        #expect(Self.drain(&inbox, &spool) == (1...600).map(Self.item) + [.miss(miss)])
    }

    @Test("what cannot be read back is missed, slot by slot from the first that did not come")
    func brokenReading() throws {
        let (taken, other) = (HealthCheckID("db.taken"), HealthCheckID("db.other"))
        var inbox = try Self.full()
        for second in 11...510 {
            inbox.add(
                LedgerItem(Self.held(second, second.isMultiple(of: 2) ? taken : other)), isAwaited: false,
                at: Self.now)
        }
        guard case .append(let results)? = inbox.spoolStep(at: Self.now) else { return }
        inbox.spooled(results.count, at: Self.now)
        let batch = inbox.take(at: Self.now + .seconds(9), isStopping: true)
        inbox.committed(settled: [], unsettled: [], at: Self.now)
        #expect(batch?.count == 10)
        var steps = [inbox.spoolStep(at: Self.now)]
        inbox.unspooled(Array(results.prefix(4)), at: Self.now)
        steps.append(inbox.spoolStep(at: Self.now))
        #expect(steps == [.take(2_000), .take(2_000)])
        let lost = inbox.spoolFailed(at: Self.now) { $1 + .seconds(2) }
        #expect(lost == 496)
        var spool: [HeldResult] = []
        #expect(
            Self.drain(&inbox, &spool) == results.prefix(4).map(LedgerItem.init) + [
                .miss(
                    Miss(of: other, from: Fixture.at(15), to: Fixture.at(509), count: 248, reason: .store)),
                .miss(
                    Miss(of: taken, from: Fixture.at(16), to: Fixture.at(510), count: 248, reason: .store)),
            ])
    }

    @Test("one thing at a time is asked of it")
    func oneAtATime() throws {
        var inbox = try Self.full()
        for second in 11...3_000 { inbox.add(Self.item(second), isAwaited: false, at: Self.now) }
        var steps = [inbox.spoolStep(at: Self.now), inbox.spoolStep(at: Self.now)]
        inbox.spooled(2_000, at: Self.now)
        steps.append(inbox.spoolStep(at: Self.now))
        #expect(steps.map { $0 != nil } == [true, false, true])
    }

    @Test("nothing is asked of a spool that is not there")
    func none() throws {
        var inbox = try Self.full(hasSpool: false)
        for second in 11...3_000 { inbox.add(Self.item(second), isAwaited: false, at: Self.now) }
        let step = inbox.spoolStep(at: Self.now)
        #expect(step == nil)
        var spool: [HeldResult] = []
        let miss = Miss(
            of: Self.id, from: Fixture.at(11), to: Fixture.at(3_000), count: 2_990, reason: .store)
        #expect(Self.drain(&inbox, &spool) == (1...10).map(Self.item) + [.miss(miss)])
    }
}
