import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("A node that is pinged")
struct HeartbeatNodeTests {
    private let healthCheck = HeartbeatDraftTests.healthCheck()

    /// Pings, and lets time pass until that is answered.
    private func ping(
        _ rig: NodeRig, _ kind: Ping.Kind = .success, within limit: Duration = .seconds(1)
    )
        -> PingReceipt?
    {
        let answer = begin(rig, kind)
        _ = rig.loop.run(within: limit) { answer.value != nil }
        return answer.value
    }

    private func begin(_ rig: NodeRig, _ kind: Ping.Kind = .success) -> Box<PingReceipt> {
        let answer = Box<PingReceipt>()
        guard let node = rig.node else { return answer }
        Task(executorPreference: rig.loop) {
            answer.value = await node.hear(
                Ping(kind), of: NodeRig.id, .healthchecks, client: "127.0.0.1", agent: "curl",
                body: "by token of db.sql")
        }
        rig.loop.settle()
        return answer
    }

    private func pings(_ rig: NodeRig) async throws -> [HeardPing] {
        try await rig.memory.pings(of: NodeRig.id, before: nil, limit: 1_000)
    }

    @Test("answers once it is recorded, and the state has changed by then")
    func answers() async throws {
        let rig = NodeRig([healthCheck])
        try await rig.start()
        rig.run(for: .seconds(2))
        #expect(rig.view()?.evaluation.state == .unknown)
        let begun = rig.clock.wall
        #expect(ping(rig) == .recorded)
        #expect(rig.clock.wall - begun <= .milliseconds(30))
        #expect(rig.view()?.evaluation.state == .healthy)
        #expect(rig.view()?.heartbeat?.lastEnd?.kind == .success)
        #expect(ping(rig, .failure(status: 1)) == .recorded)
        #expect(rig.view()?.evaluation.state == .unhealthy)
        // What its own address is made of is not kept.
        #expect(try await pings(rig).map(\.body) == ["by •••", "by •••"])
        rig.stop()
    }

    @Test("notices what is missing as soon as its time is up, whatever the interval")
    func missing() async throws {
        let rig = NodeRig([healthCheck])
        try await rig.start()
        #expect(ping(rig) == .recorded)
        let heard = try #require(rig.view()?.heartbeat?.lastEnd?.at)
        rig.run(for: .seconds(700))
        let down = try #require(rig.memory.transitions(of: NodeRig.id).last)
        #expect(down.to == .unhealthy)
        #expect(down.at - heard > .seconds(660))
        #expect(down.at - heard < .milliseconds(660_100))
        #expect(rig.types() == ["down"])
        #expect(ping(rig) == .recorded)
        rig.run(for: .seconds(5))
        #expect(rig.types() == ["down", "recovered"])
        #expect(rig.memory.slotFaults(of: healthCheck, until: rig.clock.wall) == [])
        rig.stop()
    }

    @Test("knows after a kill what it has answered, and gives one grace for what came meanwhile")
    func killed() async throws {
        let rig = NodeRig([healthCheck])
        try await rig.start()
        #expect(ping(rig) == .recorded)
        rig.kill()
        let heard = try #require(try await pings(rig).first?.at)
        rig.clock.advance(by: .seconds(3_000))
        try await rig.start()
        #expect(rig.view()?.heartbeat?.lastEnd?.at == heard)
        rig.run(for: .seconds(59))
        #expect(rig.view()?.evaluation.state == .healthy)
        rig.run(for: .seconds(2))
        #expect(rig.view()?.evaluation.state == .unhealthy)
        rig.stop()
    }

    @Test("gives one grace, too, after it was asleep or the clock was put forward", arguments: [true, false])
    func asleep(_ isAsleep: Bool) async throws {
        let rig = NodeRig([healthCheck])
        try await rig.start()
        #expect(ping(rig) == .recorded)
        rig.run(for: .seconds(1))
        if isAsleep {
            rig.clock.advance(by: .seconds(7_200))
        } else {
            rig.clock.stepWall(by: .seconds(7_200))
        }
        rig.run(for: .seconds(55))
        #expect(rig.memory.transitions(of: NodeRig.id).map(\.to).contains(.unhealthy) == false)
        #expect(ping(rig) == .recorded)
        rig.run(for: .seconds(600))
        #expect(rig.memory.transitions(of: NodeRig.id).map(\.to).contains(.unhealthy) == false)
        rig.stop()
    }

    @Test("while the store cannot be written says so, and records the ping all the same once it can")
    func storeFails() async throws {
        let rig = NodeRig([healthCheck])
        try await rig.start()
        #expect(ping(rig) == .recorded)
        rig.store.fail([.record])
        #expect(ping(rig, .failure(status: nil)) == .notRecorded)
        rig.run(for: .seconds(60))
        #expect(ping(rig) == .notRecorded)
        rig.store.recover()
        rig.run(for: .seconds(10))
        #expect(try await pings(rig).map(\.ping.kind) == [.success, .failure(status: nil), .success])
        #expect(rig.view()?.evaluation.state == .healthy)
        #expect(rig.memory.transitions(of: NodeRig.id).map(\.to).suffix(2) == [.unhealthy, .healthy])
        rig.stop()
    }

    @Test("while the store hangs does not leave anybody waiting")
    func storeHangs() async throws {
        let rig = NodeRig([healthCheck])
        try await rig.start()
        rig.store.hang([.record])
        #expect(ping(rig, within: .seconds(15)) == .notRecorded)
        rig.store.recover()
        rig.run(for: .seconds(10))
        #expect(try await pings(rig).count == 1)
        rig.stop()
    }

    @Test("takes a thousand at once")
    func manyAtOnce() async throws {
        let rig = NodeRig([healthCheck])
        try await rig.start()
        let answers = (0..<1_000).map { _ in begin(rig) }
        _ = rig.loop.run(within: .seconds(5)) { answers.allSatisfy { $0.value != nil } }
        #expect(answers.allSatisfy { $0.value == .recorded })
        #expect(try await pings(rig).count == 1_000)
        #expect(rig.memory.runs(of: NodeRig.id).count { $0.trigger == .heartbeat } == 1_000)
        rig.stop()
    }

    @Test("keeps what was heard when it is expected otherwise, and forgets it when it is removed")
    func reconfigured() async throws {
        let rig = NodeRig([healthCheck])
        try await rig.start()
        #expect(ping(rig) == .recorded)
        rig.run(for: .seconds(100))
        #expect(rig.reconfigure([HeartbeatDraftTests.healthCheck(period: 90)]) == true)
        #expect(rig.view()?.evaluation.state == .healthy)
        rig.run(for: .seconds(60))
        #expect(rig.view()?.evaluation.state == .unhealthy)
        #expect(rig.reconfigure([healthCheck]) == true)
        rig.run(for: .seconds(61))
        #expect(rig.view()?.evaluation.state == .healthy)
        #expect(rig.reconfigure([]) == true)
        #expect(ping(rig) == .unknown)
        #expect(rig.reconfigure([healthCheck]) == true)
        #expect(rig.view()?.heartbeat == nil && rig.view()?.evaluation.state == .unknown)
        rig.stop()
    }
}
