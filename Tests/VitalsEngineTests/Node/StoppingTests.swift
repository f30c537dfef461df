import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("A node stops in bounded time and records what it found")
struct StoppingTests {
    @Test("a run in flight ends and is recorded, and none is started after")
    func inFlight() async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        rig.behave(.pass(after: .seconds(2)))
        try await rig.start()
        _ = rig.loop.run(within: .seconds(60)) { rig.probe()?.inFlight == 1 }
        let probe = try #require(rig.probe())
        let starts = probe.starts.count
        #expect(rig.stop())
        #expect(probe.starts.count == starts && probe.inFlight == 0)
        #expect(rig.memory.runs(of: NodeRig.id).last?.outcome == .pass)
        let batches = rig.memory.batches
        rig.run(for: .seconds(60))
        #expect(rig.memory.batches == batches)
    }

    @Test("a run that would outlast the time is cut short and recorded as telling nothing")
    func cutShort() async throws {
        let rig = NodeRig([NodeRig.healthCheck(every: .seconds(120), timeout: .seconds(60))])
        rig.settings.shutdownTimeout = .seconds(4)
        rig.behave(.hang)
        try await rig.start()
        _ = rig.loop.run(within: .seconds(60)) { rig.probe()?.inFlight == 1 }
        #expect(rig.stop(within: .seconds(4)))
        #expect(rig.memory.runs(of: NodeRig.id).last?.outcome == .inconclusive)
    }

    @Test("a run that never ends is left behind")
    func leftBehind() async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        rig.behave(.never)
        try await rig.start()
        _ = rig.loop.run(within: .seconds(60)) { rig.probe()?.inFlight == 1 }
        #expect(rig.stop())
    }

    @Test("a task that is cancelled still records what was found")
    func cancelled() async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        let node = try await rig.prepare()
        let running = Task { await node.run() }
        let (loop, probe) = (rig.loop, try #require(rig.probe()))
        try await eventually(that: "a run ended") {
            loop.run(for: .milliseconds(1))
            return !probe.starts.isEmpty && probe.inFlight == 0
        }
        #expect(rig.memory.runs(of: NodeRig.id) == [])
        running.cancel()
        let ended = Flag()
        Task {
            await running.value
            ended.raise()
        }
        try await eventually(that: "the node stopped") {
            loop.run(for: .milliseconds(1))
            return ended.isRaised
        }
        #expect(rig.memory.runs(of: NodeRig.id).count == 1)
    }

    @Test("whoever begins to wait for a run once nothing is recorded any more is told so at once")
    func tooLate() async {
        let waiters = Waiters()
        waiters.close()
        let run = await withCheckedContinuation { waiters.wait(for: NodeRig.id, ticket: 1, $0) }
        #expect(run == nil)
    }

    @Test("a channel that hangs does not hold up the end, and its message is sent after the next start")
    func hangingChannel() async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        rig.settings.notifyTimeout = .seconds(600)
        rig.answer(.hang)
        rig.behave(.refuse)
        try await rig.start()
        _ = rig.loop.run(within: .seconds(60)) { rig.channel()?.inFlight == 1 }
        #expect(rig.stop())
        rig.answer(.deliver)
        try await rig.start()
        rig.run(for: .seconds(10))
        #expect(rig.told(to: "ops").count == 2)
        #expect(Set(rig.told(to: "ops").map(\.notification)).count == 1)
    }

    @Test("a store that fails at the end does not hold it up")
    func failingStore() async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        try await rig.start()
        rig.run(for: .seconds(15))
        rig.store.fail([.record])
        rig.run(for: .seconds(15))
        #expect(rig.stop(within: .seconds(1)))
        rig.store.recover()
        rig.clock.advance(by: .seconds(60))
        try await rig.start()
        rig.run(for: .seconds(15))
        #expect(rig.memory.slotFaults(of: rig.healthChecks[0], until: rig.clock.wall) == [])
    }

    @Test("whoever waits for a run that is not made any more is told that the node stops")
    func waiting() async throws {
        let rig = NodeRig([NodeRig.healthCheck("a"), NodeRig.healthCheck("b")])
        rig.settings.maxConcurrentHealthChecks = 1
        let (first, second) = (rig.healthChecks[0].id, rig.healthChecks[1].id)
        rig.behave(.hang, first)
        try await rig.start()
        rig.run(for: .seconds(30))
        _ = rig.loop.run(within: .seconds(60)) { rig.probe(first)?.inFlight == 1 }
        let node = try #require(rig.node)
        let answer = rig.ask(second)
        #expect(answer.value == nil)
        #expect(rig.stop())
        guard case .stopping? = answer.value else {
            Issue.record("\(String(describing: answer.value))")
            return
        }
        guard case .stopping = await node.run(first) else {
            Issue.record("accepted after the end")
            return
        }
    }

    @Test("a subscription ends with the node")
    func stream() async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        try await rig.start()
        let filter = SignalHub.Filter(types: ["transition"], healthCheck: nil)
        let signals = try #require(rig.node?.hub.subscribe(filter, after: nil)).signals
        rig.run(for: .seconds(15))
        rig.stop()
        var types: [String] = []
        for await signal in signals { types.append(signal.type) }
        #expect(types == ["transition"])
    }
}
