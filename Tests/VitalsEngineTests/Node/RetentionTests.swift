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
}
