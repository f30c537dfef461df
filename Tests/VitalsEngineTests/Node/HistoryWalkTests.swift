import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("Whatever happens to targets, channels, store, clock and process")
struct HistoryWalkTests {
    @Test(
        "every slot is accounted for, and whatever paged is resolved",
        arguments: Array(0..<8) + [1_013, 1_040, 1_078])
    func walk(seed: UInt64) async throws {
        let walk = HistoryWalk(seed: seed)
        try await walk.rig.start()
        for _ in 0..<120 { try await walk.step() }
        try await walk.calmDown()
        #expect(walk.faults() == [])
        let state = try await walk.rig.memory.load()
        #expect(state.notifications == [])
        #expect(state.pages == [])
        for (id, known) in state.healthChecks {
            #expect(walk.rig.view(id)?.evaluation == known.evaluation)
        }
    }
}

/// A node that lives through whatever chance brings.
private final class HistoryWalk {
    let rig: NodeRig
    private var generator: SeededGenerator
    private var kills = 0
    /// How far the wall clock was set back, in all.
    private var setBack: Duration = .zero
    private let ids: [HealthCheckID]

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        let healthChecks = [
            NodeRig.healthCheck("a", every: .seconds(5), channels: ["ops", "mail"]),
            NodeRig.healthCheck(
                "b", confirmEvery: .seconds(2), channels: ["ops"],
                thresholds: Thresholds(failure: 2, success: 2, warn: 2, degraded: 1)),
            NodeRig.healthCheck("c", every: .seconds(60), timeout: .seconds(8), channels: ["mail"]),
        ]
        ids = healthChecks.map(\.id)
        rig = NodeRig(healthChecks, channels: ["ops", "mail"])
        rig.settings.maxConcurrentHealthChecks = 2
    }

    func step() async throws {
        let id = ids[chance(ids.count)]
        let channel = ["ops", "mail"][chance(2)]
        switch chance(24) {
        case 0..<6: rig.behave(behaviour, id)
        case 6..<8: rig.answer([.deliver, .fail, .refuse, .hang][chance(4)], channel)
        case 8: rig.answer(.deliver, channel)
        case 9: rig.store.fail([.record])
        case 10: rig.store.loseAnswers(of: [.record])
        case 11, 12: rig.store.recover()
        case 13: rig.loop.freeze(for: .seconds(chance(200)))
        case 14: stepClock()
        case 15, 16: try await restart(isKilled: true)
        case 17: try await restart(isKilled: false)
        case 18: _ = rig.ask(id)
        default: rig.run(for: .milliseconds(chance(40_000)))
        }
    }

    /// Everything works again for long enough that the last retry is over.
    func calmDown() async throws {
        rig.store.recover()
        ids.forEach { rig.behave(.pass, $0) }
        ["ops", "mail"].forEach { rig.answer(.deliver, $0) }
        rig.run(for: .seconds(1_800))
    }

    func faults() -> [String] {
        let now = rig.node?.now() ?? rig.clock.wall
        var faults = rig.healthChecks.flatMap { healthCheck in
            rig.memory.slotFaults(of: healthCheck, until: now).map { "\(healthCheck.id): \($0)" }
        }
        for id in ids {
            for channel in ["ops", "mail"] { faults += tellingFaults(of: id, to: channel) }
            faults += episodeFaults(of: id)
        }
        return faults
    }

    private var behaviour: ScriptedProbe.Behaviour {
        [
            .pass, .pass, .pass(after: .seconds(3)), .refuse, .refuse, .hang,
            .fault(Fault(.lockTimeout, in: .write, message: "locked"), after: .milliseconds(20)),
            .fault(Fault(.authFailed, in: .authenticate, message: "no"), after: .milliseconds(20)),
            .fault(Fault(.internal, in: .connect, message: "our own"), after: .milliseconds(20)),
        ][chance(9)]
    }

    private func chance(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }

    private func stepClock() {
        if Bool.random(using: &generator), setBack < .seconds(2_000) {
            let step = Duration.seconds(chance(900))
            setBack += step
            rig.clock.stepWall(by: .zero - step)
        } else {
            rig.clock.stepWall(by: .seconds(chance(1_800)))
            setBack = .zero
        }
    }

    private func restart(isKilled: Bool) async throws {
        if isKilled {
            kills += 1
            rig.kill()
        } else if !rig.stop() {
            Issue.record("did not stop")
        }
        rig.clock.advance(by: .seconds(chance(100)))
        // A node does not start while its store cannot be written.
        rig.store.recover()
        try await rig.start()
    }

    /// An onset is followed by another kind of message, and in the end by an end; a message is the same at
    /// each attempt.
    private func tellingFaults(of id: HealthCheckID, to channel: String) -> [String] {
        var bodies: [NotificationID: String] = [:]
        var kinds: [String] = []
        var faults: [String] = []
        for sent in rig.told(to: channel) where sent.body.contains("\"id\":\"\(id.text)\"") {
            if let body = bodies[sent.notification] {
                if body != sent.body { faults.append("\(sent.notification) has two bodies") }
                continue
            }
            bodies[sent.notification] = sent.body
            kinds.append(sent.text("type") ?? "none")
        }
        for (kind, next) in zip(kinds, kinds.dropFirst()) where kind == next && kind != "stale" {
            faults.append("\(id) to \(channel): \(kind) twice")
        }
        if let last = kinds.last, !["recovered", "ended", "stale"].contains(last) {
            faults.append("\(id) to \(channel): \(last) is the last")
        }
        return faults
    }

    /// One at a time, each with an end.
    private func episodeFaults(of id: HealthCheckID) -> [String] {
        let episodes = rig.memory.episodes.filter { $0.opened.healthCheck == id }
            .sorted { $0.opened.at < $1.opened.at }
        var faults = episodes.filter { $0.ended == nil }.map { "\($0.opened) is open" }
        for (episode, next) in zip(episodes, episodes.dropFirst()) {
            if let ended = episode.ended, ended.at > next.opened.at {
                faults.append("\(next.opened) overlaps")
            }
        }
        return faults
    }
}
