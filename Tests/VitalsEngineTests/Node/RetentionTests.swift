import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("What is old goes, in small steps")
struct RetentionTests {
    private static func fill(_ rig: NodeRig, _ seconds: some Sequence<Int64>) async throws {
        var batch = Batch()
        batch.registered = rig.healthChecks.map { Registration(of: $0, at: Fixture.at(0)) }
        batch.runs = seconds.map { Fixture.pass(of: NodeRig.id, at: Fixture.at($0), trigger: .manual) }
        try await rig.memory.record(batch)
    }

    @Test("runs older than they are kept go at the start, 2,000 at a time, and others stay")
    func atStart() async throws {
        let rig = NodeRig([NodeRig.healthCheck(every: .seconds(3_600))])
        try await Self.fill(rig, (-8 * 86_400)..<(-8 * 86_400 + 5_000))
        try await Self.fill(rig, [-6 * 86_400])
        try await rig.start()
        rig.run(for: .seconds(1))
        #expect(rig.memory.runs(of: NodeRig.id).first?.at == Fixture.at(-6 * 86_400))
        #expect(rig.store.calls(of: .prune) == 3)
        #expect(try await rig.memory.lastPrune() != nil)
    }

    @Test("it is looked at again after an hour, and a restart neither hastens nor postpones that")
    func hourly() async throws {
        let rig = NodeRig([NodeRig.healthCheck(every: .seconds(3_600))])
        try await rig.start()
        rig.run(for: .seconds(3_000))
        #expect(rig.store.calls(of: .setLastPrune) == 1)
        rig.stop()
        try await rig.start()
        rig.run(for: .seconds(500))
        #expect(rig.store.calls(of: .setLastPrune) == 1)
        rig.run(for: .seconds(200))
        #expect(rig.store.calls(of: .setLastPrune) == 2)
    }

    @Test("a store over its size drops its oldest day first")
    func size() async throws {
        let rig = NodeRig([NodeRig.healthCheck(every: .seconds(3_600))])
        rig.storage.maximumSize = 150 * MemoryStore.bytesOfRun
        for day in 1...3 as ClosedRange<Int64> {
            try await Self.fill(rig, (0..<100).map { (day - 4) * 86_400 + $0 * 100 })
        }
        try await rig.start()
        rig.run(for: .seconds(1))
        let runs = rig.memory.runs(of: NodeRig.id)
        #expect(runs.first?.at == Fixture.at(-86_400))
        #expect(runs.count >= 100)
    }

    @Test("a wrong step of the wall clock, forward and back again, takes nothing with it")
    func wrongStep() async throws {
        let rig = NodeRig([NodeRig.healthCheck(every: .seconds(3_600))])
        try await Self.fill(rig, [-6 * 86_400])
        try await rig.start()
        rig.run(for: .seconds(10))
        rig.clock.stepWall(by: .seconds(30 * 86_400))
        rig.run(for: .seconds(1))
        rig.clock.stepWall(by: .seconds(-30 * 86_400))
        rig.run(for: .seconds(7_300))
        #expect(rig.memory.runs(of: NodeRig.id).first?.at == Fixture.at(-6 * 86_400))
    }

    @Test("a prune that fails is tried again")
    func failing() async throws {
        let rig = NodeRig([NodeRig.healthCheck(every: .seconds(3_600))])
        rig.store.fail([.prune])
        try await rig.start()
        rig.run(for: .seconds(130))
        #expect(rig.store.calls(of: .prune) == 3)
        rig.store.recover()
        rig.run(for: .seconds(60))
        #expect(try await rig.memory.lastPrune() != nil)
    }

    @Test("an hour is made once it is over for five minutes, and what is stored of it later is added")
    func hours() async throws {
        let rig = NodeRig([NodeRig.healthCheck(every: .seconds(10))])
        try await rig.start()
        func hours() async throws -> [Int64] {
            let all = Fixture.at(0)..<Fixture.at(86_400)
            return try await rig.memory.tallies(of: NodeRig.id, by: .hour, in: all).pieces.map(\.tally.pass)
        }
        rig.run(for: .seconds(3_890))
        #expect(try await hours() == [])
        rig.run(for: .seconds(80))
        let made = try await hours()
        #expect(made == [Int64(rig.memory.runs(of: NodeRig.id).count { $0.at < Fixture.at(3_600) })])
        var batch = Batch()
        batch.runs = [
            Fixture.pass(of: NodeRig.id, at: Fixture.at(1_800) + .microseconds(1), trigger: .manual)
        ]
        for _ in 0..<2 { try await rig.memory.record(batch) }
        #expect(try await hours() == [made[0] + 1])
    }

    @Test("what a store that failed gets late is in its own hours, each run once")
    func outage() async throws {
        let rig = NodeRig([NodeRig.healthCheck(every: .seconds(10))])
        try await rig.start()
        rig.run(for: .seconds(1_800))
        rig.store.fail([.record])
        rig.run(for: .seconds(9_000))
        rig.store.recover()
        rig.run(for: .seconds(600))
        let runs = Dictionary(grouping: rig.memory.runs(of: NodeRig.id)) { Tier.hour.start(of: $0.at) }
        let made = try await rig.memory.tallies(
            of: NodeRig.id, by: .hour, in: Fixture.at(0)..<Fixture.at(86_400))
        #expect(made.pieces.map(\.start) == [0, 1, 2].map { Fixture.at($0 * 3_600) })
        for hour in made.pieces {
            #expect(hour.tally == Tally(runs[hour.start, default: []].map { Sample($0) }), "\(hour.start)")
            #expect(hour.tally.total >= 359, "\(hour.start)")
        }
    }
}
