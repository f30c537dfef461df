import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("A node tells what happened, once")
struct TellingTests {
    @Test("three fails are one down, more fails nothing, and a pass is one recovered of the same episode")
    func downAndUp() async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        try await rig.start()
        rig.run(for: .seconds(20))
        #expect(rig.view()?.evaluation.state == .healthy)
        #expect(rig.types() == [])
        rig.behave(.refuse)
        rig.run(for: .seconds(60))
        #expect(rig.types() == ["down"])
        #expect(rig.view()?.evaluation.state == .unhealthy)
        rig.behave(.pass)
        rig.run(for: .seconds(20))
        #expect(rig.types() == ["down", "recovered"])
        let episodes = rig.told(to: "ops").compactMap { $0.text("episode") }
        #expect(Set(episodes).count == 1 && episodes.count == 2)
        #expect(rig.memory.episodes.count == 1)
        #expect(rig.memory.episodes.first?.ended?.reason == .recovered)
    }

    @Test("confirmation runs make an outage known long before three intervals have passed")
    func confirmations() async throws {
        let rig = NodeRig([NodeRig.healthCheck(every: .seconds(60), confirmEvery: .seconds(2))])
        try await rig.start()
        rig.run(for: .seconds(70))
        rig.behave(.refuse)
        rig.run(for: .seconds(66))
        #expect(rig.types() == ["down"])
        let runs = rig.memory.runs(of: NodeRig.id).filter { $0.outcome == .fail }
        #expect(runs.prefix(3).map(\.trigger) == [.scheduled, .confirm, .confirm])
    }

    @Test(
        "a restart while it is down is no new alert, and the end of the outage meanwhile is told",
        arguments: [true, false])
    func restart(isKilled: Bool) async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        rig.behave(.refuse)
        try await rig.start()
        rig.run(for: .seconds(60))
        if isKilled { rig.kill() } else { #expect(rig.stop()) }
        rig.clock.advance(by: .seconds(300))
        try await rig.start()
        rig.run(for: .seconds(60))
        #expect(rig.types() == ["down"])
        rig.kill()
        rig.behave(.pass)
        rig.clock.advance(by: .seconds(300))
        try await rig.start()
        rig.run(for: .seconds(30))
        #expect(rig.types() == ["down", "recovered"])
        #expect(Set(rig.told(to: "ops").compactMap { $0.text("episode") }).count == 1)
        #expect(rig.memory.slotFaults(of: rig.healthChecks[0], until: rig.clock.wall) == [])
    }

    @Test("what a window has seen counts on after a restart", arguments: [true, false])
    func windowAcrossRestart(isKilled: Bool) async throws {
        let thresholds = Thresholds(window: 10, unhealthy: 4, degraded: 4)
        let rig = NodeRig([NodeRig.healthCheck(confirmEvery: .seconds(1), thresholds: thresholds)])
        try await rig.start()
        rig.run(for: .seconds(20))
        rig.behave(.refuse)
        rig.run(for: .seconds(30))
        #expect(rig.view()?.evaluation.state == .healthy)
        #expect(rig.view()?.evaluation.recent.text == "PFFF")
        if isKilled { rig.kill() } else { #expect(rig.stop()) }
        rig.clock.advance(by: .seconds(60))
        try await rig.start()
        rig.run(for: .seconds(11))
        #expect(rig.types() == ["down"])
        #expect(rig.memory.runs(of: NodeRig.id).allSatisfy { $0.trigger != .confirm })
    }

    @Test("a channel that hangs delays neither another channel nor a check, and is tried again")
    func hangingChannel() async throws {
        let rig = NodeRig([NodeRig.healthCheck(channels: ["ops", "stuck"])], channels: ["ops", "stuck"])
        rig.answer(.hang, "stuck")
        rig.behave(.refuse)
        try await rig.start()
        rig.run(for: .seconds(30))
        let down = try #require(rig.told(to: "ops").first)
        #expect(rig.told(to: "stuck").count >= 1)
        rig.run(for: .seconds(60))
        #expect(rig.types(to: "ops") == ["down"])
        let attempts = rig.told(to: "stuck")
        #expect(attempts.count > 2)
        #expect(Set(attempts.map(\.notification)).count == 1)
        #expect(attempts[0].at - down.at < .milliseconds(100))
        #expect(rig.memory.misses(of: NodeRig.id) == [])
        rig.answer(.deliver, "stuck")
        rig.run(for: .seconds(120))
        #expect(rig.told(to: "stuck").count == attempts.count + 1)
        let deliveries = try await rig.memory.deliveries(after: 0, limit: 100)
        #expect(deliveries.filter { $0.channel.text == "stuck" }.last?.status == .delivered)
        #expect(deliveries.filter { $0.status == .pending } == [])
    }

    @Test("a message that is refused for good is told of on the other default channels")
    func refused() async throws {
        let rig = NodeRig([NodeRig.healthCheck(channels: ["broken"])], channels: ["broken", "ops"])
        rig.answer(.refuse, "broken")
        rig.behave(.refuse)
        try await rig.start()
        rig.run(for: .seconds(60))
        #expect(rig.types(to: "broken") == ["down"])
        let told = rig.told(to: "ops")
        #expect(told.compactMap { $0.text("type") } == ["self"])
        #expect(told.first?.text("reason") == "delivery_refused_broken")
    }

    @Test("what is claimed but not sent when the process dies is sent after the start, under the same id")
    func killedWhileSending() async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        rig.answer(.hang)
        rig.behave(.refuse)
        try await rig.start()
        _ = rig.loop.run(within: .seconds(60)) { rig.channel()?.inFlight == 1 }
        rig.kill()
        rig.answer(.deliver)
        try await rig.start()
        rig.run(for: .seconds(5))
        let told = rig.told(to: "ops")
        #expect(told.count == 2)
        #expect(Set(told.map(\.notification)).count == 1)
        #expect(Set(told.map(\.body)).count == 1)
    }

    @Test("a health check that is disabled while it is down ends what was told, and is silent from then on")
    func disabled() async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        rig.behave(.refuse)
        try await rig.start()
        rig.run(for: .seconds(60))
        rig.stop()
        rig.healthChecks = [NodeRig.healthCheck(isEnabled: false)]
        try await rig.start()
        rig.run(for: .seconds(60))
        #expect(rig.types() == ["down", "ended"])
        #expect(rig.told(to: "ops").last?.text("reason") == "disabled")
        #expect(rig.view()?.evaluation.state == .unknown)
        #expect(rig.probe()?.starts == [])
    }

    @Test("a health check that is gone while it is down ends what was told, by its id")
    func removed() async throws {
        let rig = NodeRig([NodeRig.healthCheck(), NodeRig.healthCheck("other")])
        rig.behave(.refuse)
        try await rig.start()
        rig.run(for: .seconds(60))
        rig.stop()
        rig.healthChecks = [NodeRig.healthCheck("other")]
        try await rig.start()
        rig.run(for: .seconds(5))
        #expect(rig.types() == ["down", "ended"])
        #expect(rig.told(to: "ops").last?.body.contains(#""health_check":{"id":"db.sql"}"#) == true)
        rig.stop()
        try await rig.start()
        rig.run(for: .seconds(5))
        #expect(rig.types() == ["down", "ended"])
    }

    @Test("a health check that talks to something else starts from unknown, at once")
    func reconfigured() async throws {
        let rig = NodeRig([NodeRig.healthCheck(every: .seconds(3_600))])
        rig.behave(.refuse)
        try await rig.start()
        rig.run(for: .seconds(3 * 3_600))
        rig.stop()
        rig.healthChecks = [NodeRig.healthCheck(every: .seconds(3_600), revision: "0b")]
        rig.behave(.pass)
        try await rig.start()
        rig.run(for: .seconds(2))
        #expect(rig.types() == ["down", "ended"])
        #expect(rig.told(to: "ops").last?.text("reason") == "reconfigured")
        #expect(rig.view()?.evaluation.state == .healthy)
        #expect(rig.view()?.lastRun?.trigger == .initial)
    }

    @Test("a channel that is gone has its pages closed unsent; one that is new tells nothing old")
    func channels() async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        rig.answer(.fail)
        rig.behave(.refuse)
        try await rig.start()
        rig.run(for: .seconds(60))
        rig.stop()
        rig.channelSettings = [NodeRig.channel("pager")]
        rig.healthChecks = [NodeRig.healthCheck(channels: ["pager"])]
        try await rig.start()
        rig.run(for: .seconds(30))
        #expect(rig.types(to: "pager") == [])
        let state = try await rig.memory.load()
        #expect(state.pages == [])
        #expect(state.notifications == [])
        let deliveries = try await rig.memory.deliveries(after: 0, limit: 100)
        #expect(deliveries.last?.status == .cancelled)
        rig.behave(.pass)
        rig.run(for: .seconds(30))
        #expect(rig.types(to: "pager") == [])
    }
}
