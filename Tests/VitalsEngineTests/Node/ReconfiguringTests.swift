import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("Another configuration takes over while the node runs")
struct ReconfiguringTests {
    private let db = NodeRig.healthCheck("db")
    private let shop = NodeRig.healthCheck("shop")

    private func rig(_ healthChecks: [HealthCheck], for time: Duration = .seconds(35)) async throws -> NodeRig
    {
        let rig = NodeRig(healthChecks)
        try await rig.start()
        rig.run(for: time)
        return rig
    }

    @Test("a new health check runs at once, and those that there were never notice")
    func adding() async throws {
        let rig = try await rig([db])
        #expect(rig.reconfigure([db, shop]) == true)
        rig.run(for: .seconds(1))
        #expect(rig.view(shop.id)?.evaluation.state == .healthy)
        #expect(rig.memory.runs(of: shop.id).map(\.trigger) == [.initial])
        rig.run(for: .seconds(60))
        #expect(rig.told(to: "ops").isEmpty)
        for healthCheck in [db, shop] {
            #expect(rig.memory.slotFaults(of: healthCheck, until: rig.clock.wall) == [])
        }
    }

    @Test("one that is added late is not called stale for the time before")
    func addedLate() async throws {
        let rig = try await rig([db], for: .seconds(600))
        rig.behave(.hang, shop.id)
        #expect(rig.reconfigure([db, shop]) == true)
        rig.run(for: .seconds(3))
        #expect(rig.view(shop.id)?.evaluation.isStale == false)
        #expect(rig.told(to: "ops").isEmpty)
    }

    @Test("one that is removed runs no more, and its page is told the end")
    func removing() async throws {
        let rig = NodeRig([db, shop])
        rig.behave(.refuse, shop.id)
        try await rig.start()
        rig.run(for: .seconds(60))
        #expect(rig.types() == ["down"])
        #expect(rig.reconfigure([db]) == true)
        rig.run(for: .seconds(1))
        #expect(rig.types() == ["down", "ended"])
        let starts = rig.probe(shop.id)?.starts.count
        rig.run(for: .seconds(60))
        #expect(rig.probe(shop.id)?.starts.count == starts)
        #expect(rig.view(shop.id) == nil)
    }

    @Test("one that is pointed elsewhere starts from unknown, at once, and what is in flight is discarded")
    func pointingElsewhere() async throws {
        let rig = NodeRig([db])
        rig.behave(.refuse)
        try await rig.start()
        rig.run(for: .seconds(60))
        #expect(rig.view()?.evaluation.state == .unhealthy)
        rig.behave(.fault(Fault(.reset, in: .read, message: "of the old target"), after: .seconds(4)))
        #expect(rig.loop.run(within: .seconds(30)) { rig.probe()?.inFlight == 1 })
        rig.behaviours[db.id] = .pass
        let old = rig.probe()
        #expect(rig.reconfigure([NodeRig.healthCheck("db", revision: "0b")]) == true)
        #expect(rig.view()?.evaluation.state == .unknown)
        #expect(rig.view()?.evaluation.failures == 0)
        rig.run(for: .seconds(8))
        #expect(old?.inFlight == 0)
        #expect(rig.view()?.evaluation.state == .healthy)
        #expect(!rig.memory.runs(of: db.id).contains { $0.result.fault?.cause == .reset })
        #expect(rig.types() == ["down", "ended"])
    }

    @Test("another interval keeps the state, and every slot of before and after is accounted for")
    func anotherInterval() async throws {
        let rig = try await rig([db])
        let slower = NodeRig.healthCheck("db", every: .seconds(30))
        #expect(rig.reconfigure([slower]) == true)
        #expect(rig.view()?.evaluation.state == .healthy)
        let changed = rig.clock.wall
        rig.run(for: .seconds(95))
        let slots = rig.memory.runs(of: db.id).filter { $0.trigger == .scheduled && $0.at > changed }.map(
            \.at)
        let grid = SlotGrid(db.id, every: .seconds(30))
        #expect(slots.count == grid.count(from: grid.next(after: changed), through: rig.clock.wall))
        #expect(slots.allSatisfy { grid.latest(at: $0) == $0 })
    }

    @Test("one that is disabled is told the end; enabled again, it starts from unknown at once")
    func disabling() async throws {
        let rig = NodeRig([db])
        rig.behave(.refuse)
        try await rig.start()
        rig.run(for: .seconds(60))
        #expect(rig.reconfigure([NodeRig.healthCheck("db", isEnabled: false)]) == true)
        rig.run(for: .seconds(30))
        #expect(rig.types() == ["down", "ended"])
        #expect(rig.view()?.evaluation.state == .unknown)
        rig.behave(.pass)
        #expect(rig.reconfigure([db]) == true)
        rig.run(for: .seconds(1))
        #expect(rig.view()?.evaluation.state == .healthy)
    }

    @Test("a store that refuses it: nothing changes, nothing is lost, and all goes on")
    func refused() async throws {
        let rig = try await rig([db])
        rig.store.fail([.record])
        #expect(rig.reconfigure([db, shop]) == false)
        rig.store.recover()
        #expect(rig.view(shop.id) == nil)
        rig.run(for: .seconds(60))
        #expect(rig.view()?.evaluation.state == .healthy)
        #expect(rig.memory.slotFaults(of: db, until: rig.clock.wall) == [])
    }

    @Test("a channel that is gone is told nothing more, and a new one what comes")
    func channels() async throws {
        let rig = NodeRig([db], channels: ["ops"])
        rig.behave(.refuse)
        try await rig.start()
        rig.run(for: .seconds(60))
        let bound = NodeRig.healthCheck("db", channels: ["desk"])
        #expect(rig.reconfigure([bound], channels: ["desk"]) == true)
        rig.behave(.pass)
        rig.run(for: .seconds(30))
        #expect(rig.types(to: "ops") == ["down"])
        #expect(rig.types(to: "desk") == [])
        rig.behave(.refuse)
        rig.run(for: .seconds(60))
        #expect(rig.types(to: "desk") == ["down"])
    }

    @Test("what was changed is what a restart finds")
    func restarting() async throws {
        let rig = try await rig([db])
        #expect(rig.reconfigure([db, shop]) == true)
        rig.run(for: .seconds(30))
        rig.kill()
        try await rig.start()
        rig.run(for: .seconds(30))
        #expect(rig.view(shop.id)?.evaluation.state == .healthy)
        #expect(rig.memory.runs(of: shop.id).filter { $0.trigger == .initial }.count == 1)
        #expect(rig.memory.slotFaults(of: shop, until: rig.clock.wall) == [])
    }
}
