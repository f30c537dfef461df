import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("A channel with a cooldown")
struct CooldownNodeTests {
    private let rig: NodeRig

    init() {
        let thresholds = Thresholds(failure: 2, degraded: 1)
        rig = NodeRig([NodeRig.healthCheck(thresholds: thresholds)])
        rig.channelSettings = [NodeRig.channel("ops", cooldown: .seconds(300))]
    }

    @Test("is told of an escalation at once, and of the end when the cooldown of that is over")
    func escalation() async throws {
        try await rig.start()
        rig.run(for: .seconds(20))
        rig.behave(.refuse)
        rig.run(for: .seconds(30))
        #expect(rig.types() == ["degraded", "down"])
        rig.behave(.pass)
        rig.run(for: .seconds(240))
        #expect(rig.types() == ["degraded", "down"])
        #expect(rig.view()?.evaluation.state == .healthy)
        rig.run(for: .seconds(60))
        #expect(rig.types() == ["degraded", "down", "recovered"])
        let told = rig.told(to: "ops")
        #expect(told[2].at - told[1].at >= .seconds(300))
        #expect(told[2].at - told[1].at < .seconds(301))
        #expect(Set(told.compactMap { $0.text("episode") }).count == 1)
    }

    @Test("says when what it holds back is due")
    func due() async throws {
        try await rig.start()
        rig.behave(.refuse)
        rig.run(for: .seconds(25))
        rig.behave(.pass)
        rig.run(for: .seconds(15))
        let deliveries = try await rig.memory.deliveries(after: 0, limit: 10)
        let down = try #require(deliveries.last { $0.kind == .down })
        let recovered = try #require(deliveries.last)
        #expect(down.status == .delivered)
        #expect(recovered.kind == .recovered && recovered.status == .pending)
        #expect(recovered.nextAttemptAt == down.at + .seconds(300))
    }

    @Test(
        "is told what was held back after a restart too, and not before its time", arguments: [true, false])
    func restart(isKilled: Bool) async throws {
        try await rig.start()
        rig.behave(.refuse)
        rig.run(for: .seconds(25))
        rig.behave(.pass)
        rig.run(for: .seconds(60))
        #expect(rig.types().last == "down")
        if isKilled { rig.kill() } else { #expect(rig.stop()) }
        try await rig.start()
        rig.run(for: .seconds(180))
        #expect(rig.types().last == "down")
        rig.run(for: .seconds(120))
        #expect(rig.types().last == "recovered")
        let told = rig.told(to: "ops")
        #expect(told[told.count - 1].at - told[told.count - 2].at >= .seconds(300))
        #expect(Set(told.map(\.notification)).count == told.count)
    }

    @Test("is told at once what was held back when the cooldown is taken away")
    func takenAway() async throws {
        try await rig.start()
        rig.behave(.refuse)
        rig.run(for: .seconds(25))
        rig.behave(.pass)
        rig.run(for: .seconds(60))
        rig.stop()
        rig.channelSettings = [NodeRig.channel("ops")]
        try await rig.start()
        rig.run(for: .seconds(1))
        #expect(rig.types().last == "recovered")
        rig.run(for: .seconds(1))
        #expect(try await rig.memory.load().cooldowns == [:])
    }

    @Test("is told of a new outage inside the cooldown when it ends, if it lasts; one that passes, never")
    func nextOutage() async throws {
        try await rig.start()
        rig.behave(.refuse)
        rig.run(for: .seconds(25))
        rig.behave(.pass)
        rig.run(for: .seconds(320))
        let told = rig.types()
        #expect(told.last == "recovered")
        rig.behave(.refuse)
        rig.run(for: .seconds(60))
        rig.behave(.pass)
        rig.run(for: .seconds(60))
        rig.behave(.refuse)
        rig.run(for: .seconds(120))
        #expect(rig.types() == told)
        rig.run(for: .seconds(90))
        #expect(rig.types() == told + ["down"])
    }

    @Test("that is gone leaves nothing of it behind, nor does a health check that is")
    func gone() async throws {
        try await rig.start()
        rig.behave(.refuse)
        rig.run(for: .seconds(25))
        #expect(try await rig.memory.load().cooldowns.count == 1)
        rig.stop()
        rig.healthChecks = [NodeRig.healthCheck("other")]
        try await rig.start()
        rig.run(for: .seconds(400))
        #expect(rig.types().last == "ended")
        rig.stop()
        try await rig.start()
        #expect(try await rig.memory.load().cooldowns == [:])
        rig.behave(.refuse, HealthCheckID("other.sql"))
        rig.run(for: .seconds(60))
        #expect(try await rig.memory.load().cooldowns.count == 1)
        rig.stop()
        rig.channelSettings = []
        try await rig.start()
        #expect(try await rig.memory.load().cooldowns == [:])
    }
}
