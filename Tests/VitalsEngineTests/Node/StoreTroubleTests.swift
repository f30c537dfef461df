import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("A store that hangs, breaks or stays away for long")
struct StoreTroubleTests {
    @Test("a store that fails once in a while is nobody's concern")
    func blip() async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        try await rig.start()
        for _ in 0..<20 {
            rig.store.fail([.record])
            let calls = rig.store.calls(of: .record)
            _ = rig.loop.run(within: .seconds(60)) { rig.store.calls(of: .record) > calls }
            rig.store.recover()
            rig.run(for: .seconds(30))
        }
        #expect(rig.types() == [])
        #expect(rig.memory.slotFaults(of: rig.healthChecks[0], until: rig.clock.wall) == [])
    }

    @Test("a store that hangs: people are told, health says so, and nothing is lost when it answers again")
    func storeHangs() async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        try await rig.start()
        rig.run(for: .seconds(35))
        rig.store.hang([.record])
        rig.run(for: .seconds(10))
        rig.behave(.refuse)
        rig.run(for: .seconds(25))
        #expect(rig.reasons() == ["store_hangs"])
        #expect(rig.node?.healthSummary().status == .degraded)
        #expect(rig.node?.readiness().first?.isReady == false)
        guard case .notRecorded? = rig.manual() else {
            Issue.record("a manual run was accepted")
            return
        }
        rig.run(for: .seconds(60))
        rig.store.recover()
        rig.run(for: .seconds(30))
        #expect(rig.reasons() == ["store_hangs", "store_writable"])
        #expect(rig.types().filter { $0 != "self" } == ["down"])
        #expect(rig.memory.misses(of: NodeRig.id) == [])
        #expect(rig.memory.slotFaults(of: rig.healthChecks[0], until: rig.clock.wall) == [])
        #expect(rig.node?.healthSummary().status == .healthy)
    }

    @Test("whoever waits for a run while the store begins to hang is told that it is not recorded")
    func waiterOfHangingStore() async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        try await rig.start()
        rig.run(for: .seconds(35))
        rig.store.hang([.record])
        guard case .notRecorded? = rig.manual() else {
            Issue.record("no answer, or another")
            return
        }
    }

    @Test("a store that is damaged is told of in its own words", arguments: [true, false])
    func damaged(inReading: Bool) async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        try await rig.start()
        rig.run(for: .seconds(35))
        rig.store.fail([inReading ? .deliveries : .record], isDamaged: true)
        if inReading {
            await #expect(throws: FaultyStore.Failure.self) {
                try await rig.node?.deliveries(after: 0, limit: 1)
            }
        }
        let runs = rig.memory.runs(of: NodeRig.id).count
        rig.run(for: .seconds(30))
        #expect(rig.reasons() == ["store_damaged"])
        #expect(rig.node?.healthSummary().status == .unhealthy)
        #expect(rig.node?.readiness().first?.detail == "damaged")
        #expect((rig.memory.runs(of: NodeRig.id).count > runs) == inReading)
    }

    @Test("what memory has no room for comes back from the spool: all looks as if nothing had failed")
    func spool() async throws {
        let (rig, twin) = (NodeRig(Self.many), NodeRig(Self.many))
        rig.spool = MemorySpool(size: 1_000_000)
        rig.settings.mostHeldResults = 500
        for each in [rig, twin] {
            try await each.start()
            each.run(for: .seconds(20))
            if each === rig { each.store.fail([.record]) }
            each.run(for: .seconds(50))
            each.behave(.refuse, Self.many[0].id)
            each.run(for: .seconds(250))
            each.store.recover()
            each.run(for: .seconds(60))
            each.behave(.pass, Self.many[0].id)
            each.run(for: .seconds(30))
            each.stop()
        }
        #expect(try #require(rig.spool).most > 10_000)
        #expect(rig.spool?.count == 0)
        for healthCheck in Self.many {
            #expect(rig.memory.runs(of: healthCheck.id) == twin.memory.runs(of: healthCheck.id))
            #expect(rig.memory.misses(of: healthCheck.id) == [])
            #expect(rig.memory.transitions(of: healthCheck.id) == twin.memory.transitions(of: healthCheck.id))
        }
        #expect(rig.types().filter { $0 != "self" } == ["down", "recovered"])
    }

    @Test("a spool that fails: every slot is accounted for all the same", arguments: [5, 320])
    func brokenSpool(after seconds: Int) async throws {
        let rig = NodeRig(Self.many)
        let spool = MemorySpool(size: 1_000_000)
        rig.spool = spool
        rig.settings.mostHeldResults = 500
        try await rig.start()
        rig.run(for: .seconds(20))
        rig.store.fail([.record])
        rig.run(for: .seconds(seconds))
        spool.fail()
        rig.run(for: .seconds(325 - seconds))
        rig.store.recover()
        rig.run(for: .seconds(60))
        for healthCheck in Self.many {
            #expect(rig.memory.slotFaults(of: healthCheck, until: rig.clock.wall) == [])
            let misses = rig.memory.misses(of: healthCheck.id)
            // What memory has no room for; and what was in it, if anything was.
            #expect(misses.map(\.reason) == (seconds == 5 ? [.store] : [.store, .store]))
            #expect(misses.first.map { $0.count > 500 } == true)
        }
    }

    /// Forty results a second.
    private static let many = (0..<20).map {
        NodeRig.healthCheck("many-\($0)", every: .milliseconds(500))
    }
}
