import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("Our own trouble loses nothing and is nobody's outage")
struct TroubleTests {
    @Test("a store that fails for a while: nothing is lost, and it all looks as if it had not failed")
    func storeFails() async throws {
        let (rig, twin) = (NodeRig([NodeRig.healthCheck()]), NodeRig([NodeRig.healthCheck()]))
        for each in [rig, twin] {
            try await each.start()
            each.run(for: .seconds(35))
            if each === rig { each.store.fail([.record]) }
            each.run(for: .seconds(20))
            each.behave(.refuse)
            each.run(for: .seconds(60))
            each.store.recover()
            each.run(for: .seconds(60))
            each.behave(.pass)
            each.run(for: .seconds(30))
        }
        #expect(rig.memory.transitions(of: NodeRig.id) == twin.memory.transitions(of: NodeRig.id))
        #expect(rig.memory.runs(of: NodeRig.id) == twin.memory.runs(of: NodeRig.id))
        #expect(rig.memory.misses(of: NodeRig.id) == [])
        #expect(rig.types().filter { $0 != "self" } == ["down", "recovered"])
        #expect(rig.reasons() == ["store_unwritable", "store_writable"])
        #expect(twin.types() == ["down", "recovered"])
        #expect(rig.view() == twin.view())
    }

    @Test("a store that fails again and again is told of once an hour")
    func storeFlaps() async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        try await rig.start()
        for _ in 0..<12 {
            rig.store.fail([.record])
            rig.run(for: .seconds(300))
            rig.store.recover()
            rig.run(for: .seconds(300))
        }
        #expect(
            rig.reasons()
                == Array(repeating: ["store_unwritable", "store_writable"], count: 2).flatMap(\.self))
    }

    @Test("a store whose answers are lost: what it recorded is recorded once")
    func answersAreLost() async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        rig.behave(.refuse)
        try await rig.start()
        rig.run(for: .seconds(15))
        rig.store.loseAnswers(of: [.record])
        rig.run(for: .seconds(60))
        rig.behave(.fault(Fault(.internal, in: .connect, message: "our own"), after: .zero))
        rig.run(for: .seconds(60))
        rig.store.recover()
        rig.run(for: .seconds(60))
        #expect(rig.types().filter { $0 == "down" }.count == 1)
        #expect(try await rig.memory.load().notifications == [])
        let deliveries = try await rig.memory.deliveries(after: 0, limit: 100)
        #expect(deliveries.allSatisfy { $0.status == .delivered })
        #expect(rig.memory.transitions(of: NodeRig.id).map(\.to) == [.unhealthy, .unknown])
        #expect(rig.memory.slotFaults(of: rig.healthChecks[0], until: rig.clock.wall) == [])
    }

    @Test("while the store cannot be written the node says so, and is well again after")
    func readiness() async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        try await rig.start()
        rig.run(for: .seconds(20))
        #expect(rig.node?.healthSummary().status == .healthy)
        rig.store.fail([.record])
        rig.run(for: .seconds(20))
        #expect(rig.node?.healthSummary().status == .degraded)
        #expect(rig.node?.readiness().first?.isReady == false)
        rig.store.recover()
        rig.run(for: .seconds(20))
        #expect(rig.node?.healthSummary().status == .healthy)
    }

    @Test("hundreds of hanging targets delay no target that answers")
    func hangingTargets() async throws {
        let hanging = (0..<600).map { NodeRig.healthCheck("hung-\($0)") }
        let answering = (0..<20).map { NodeRig.healthCheck("good-\($0)", every: .seconds(1)) }
        let rig = NodeRig(hanging + answering)
        rig.settings.maxConcurrentHealthChecks = 200
        hanging.forEach { rig.behave(.hang, $0.id) }
        try await rig.start()
        rig.run(for: .seconds(20))
        let seen = rig.clock.wall
        rig.run(for: .seconds(20))
        for healthCheck in answering {
            let runs = rig.memory.runs(of: healthCheck.id).filter { $0.at > seen }
            #expect(runs.count >= 19)
            #expect(runs.allSatisfy { $0.startedAt - $0.at <= .milliseconds(20) })
            #expect(runs.allSatisfy { $0.outcome == .pass })
            #expect(rig.memory.misses(of: healthCheck.id).allSatisfy { $0.to < seen })
        }
        for healthCheck in hanging {
            #expect(rig.memory.slotFaults(of: healthCheck, until: rig.clock.wall) == [])
        }
    }

    @Test("a process that stood still does not say that others did not answer")
    func freeze() async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        try await rig.start()
        rig.run(for: .seconds(30))
        rig.loop.freeze(for: .seconds(300))
        rig.run(for: .seconds(30))
        #expect(rig.view()?.evaluation.isStale == false)
        #expect(rig.memory.transitions(of: NodeRig.id).count == 1)
        #expect(rig.types() == [])
        #expect(rig.memory.misses(of: NodeRig.id).map(\.reason) == [.late])
        #expect(rig.memory.slotFaults(of: rig.healthChecks[0], until: rig.clock.wall) == [])
    }

    @Test(
        "the wall clock steps an hour forward: the slots between are such misses, and nothing is stale"
    )
    func forward() async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        try await rig.start()
        rig.run(for: .seconds(30))
        rig.clock.stepWall(by: .seconds(3_600))
        rig.run(for: .seconds(30))
        #expect(rig.memory.misses(of: NodeRig.id).map(\.reason) == [.clockJump])
        #expect(rig.memory.slotFaults(of: rig.healthChecks[0], until: rig.clock.wall) == [])
        #expect(rig.memory.transitions(of: NodeRig.id).count == 1)
        #expect(rig.types() == [])
    }

    @Test("the wall clock steps back: the slots go on as before, and no run is recorded twice")
    func backward() async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        try await rig.start()
        rig.run(for: .seconds(30))
        let expected = rig.clock.wall + .seconds(60)
        rig.clock.stepWall(by: .seconds(-1_800))
        rig.run(for: .seconds(60))
        #expect(rig.memory.misses(of: NodeRig.id) == [])
        #expect(rig.memory.slotFaults(of: rig.healthChecks[0], until: expected) == [])
        #expect(rig.node?.now() == expected)
    }

    @Test("a clock that is set back by more than an hour while the node is stopped is refused clearly")
    func farBackward() async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        try await rig.start()
        rig.run(for: .seconds(30))
        rig.stop()
        rig.clock.stepWall(by: .seconds(-7_200))
        await #expect(throws: NodeError.self) { try await rig.start() }
    }

    @Test("targets that tell nothing conclusive are stale, and it is told")
    func stale() async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        try await rig.start()
        rig.run(for: .seconds(30))
        rig.behave(.fault(Fault(.internal, in: .connect, message: "no descriptor is left"), after: .zero))
        rig.run(for: .seconds(60))
        #expect(rig.view()?.evaluation.state == .unknown)
        #expect(rig.view()?.evaluation.isStale == true)
        #expect(Set(rig.types()) == ["stale", "self"])
        rig.behave(.pass)
        rig.run(for: .seconds(20))
        #expect(rig.view()?.evaluation.state == .healthy)
    }

    @Test("refused logins are backed off, and one that works ends that at once")
    func backOff() async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        rig.settings.manualRunCooldown = .zero
        try await rig.start()
        rig.run(for: .seconds(30))
        rig.behave(.fault(Fault(.authFailed, in: .authenticate, message: "no"), after: .milliseconds(1)))
        rig.run(for: .seconds(600))
        let misses = rig.memory.misses(of: NodeRig.id)
        #expect(Set(misses.map(\.reason)) == [.backoff])
        #expect(rig.view()?.evaluation.isStale == false)
        rig.behave(.pass)
        #expect(rig.manual() != nil)
        #expect(rig.view()?.evaluation.state == .healthy)
        let before = rig.memory.runs(of: NodeRig.id).count
        rig.run(for: .seconds(60))
        #expect(rig.memory.runs(of: NodeRig.id).count >= before + 5)
        #expect(rig.view()?.evaluation.isStale == false)
        #expect(rig.memory.slotFaults(of: rig.healthChecks[0], until: rig.clock.wall) == [])
    }
}
