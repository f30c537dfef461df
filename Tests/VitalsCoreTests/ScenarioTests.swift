import Testing
import VitalsCore

/// A health check and two channels that are told at once, from the first run to the last message.
private struct Scene {
    var story: Story
    var ops = Desk()
    var chat = Desk()
    private var told = 0

    init(_ thresholds: Thresholds = Thresholds()) {
        story = Story(thresholds)
    }

    mutating func play(_ runs: String) {
        story.tell(runs)
        for event in story.events.dropFirst(told) {
            ops.hear(event)
            chat.hear(event)
            ops.flush()
            chat.flush()
        }
        told = story.events.count
    }

    var toldOps: [NoticeKind] { ops.sent.map(\.kind) }
    var toldChat: [NoticeKind] { chat.sent.map(\.kind) }
}

@Suite("From a row of runs to what a channel is told")
struct ScenarioTests {
    @Test("three failures: unknown, unknown, unhealthy, and exactly one message, after the third")
    func goesDown() {
        var scene = Scene()
        for (failures, state) in [(1, State.unknown), (2, .unknown), (3, .unhealthy)] {
            #expect(scene.toldOps.isEmpty)
            scene.play("F")
            #expect(scene.story.state == state)
            #expect(scene.story.evaluation.failures == failures)
        }
        #expect(scene.toldOps == [.down])
        #expect(scene.ops.sent.first?.event?.from == .unknown)
        // Two failures more change nothing but their count.
        scene.play("F F")
        #expect(scene.story.evaluation.failures == 5)
        #expect(scene.toldOps == [.down])
    }

    @Test("with two successes asked for, the first pass changes nothing, and the second is told once")
    func comesBack() {
        var scene = Scene(Thresholds(success: 2))
        scene.play("F F F P")
        #expect(scene.story.state == .unhealthy)
        #expect(scene.toldOps == [.down])
        scene.play("P")
        #expect(scene.story.state == .healthy)
        #expect(scene.toldOps == [.down, .recovered])
        #expect(Set(scene.ops.sent.map(\.episode)).count == 1)
    }

    @Test("the first pass of a new health check makes it healthy without a word")
    func startsSilently() {
        var scene = Scene()
        scene.play("P")
        #expect(scene.story.state == .healthy)
        #expect(scene.toldOps.isEmpty)
    }

    @Test("a pass in between keeps it up: F F P F F is never down, and ends with two failures")
    func flickers() {
        var scene = Scene()
        scene.play("F F P F F")
        #expect(scene.story.transitions.map(\.to) == [.healthy])
        #expect(scene.story.evaluation.failures == 2)
        #expect(scene.toldOps.isEmpty)
    }

    @Test("the first degraded is told, with unknown before it")
    func startsDegraded() {
        var scene = Scene(Thresholds(warn: 1))
        scene.play("W")
        #expect(scene.toldOps == [.degraded])
        #expect(scene.ops.sent.first?.event?.from == .unknown)
    }

    @Test("a restart while degraded tells nothing; trouble that ended meanwhile is told once after it")
    func restarts() {
        var scene = Scene()
        scene.play("P W W W")
        scene.story.belief = Belief(scene.story.evaluation, lastRun: scene.story.belief.lastRun)
        scene.ops.restart()
        scene.play("W W")
        #expect(scene.toldOps == [.degraded])
        scene.play("P P")
        #expect(scene.toldOps == [.degraded, .recovered])
    }

    @Test("each channel is told what it is bound to, and a disabled one nothing")
    func channelsOfTheirOwn() {
        var scene = Scene()
        scene.chat.binding = Binding(ops, onDegraded: false, onRecovered: false)
        scene.play("W W W F F F P")
        #expect(scene.toldOps == [.degraded, .down, .recovered])
        #expect(scene.toldChat == [.down])
        scene.chat.drop()
        scene.chat.binding = nil
        scene.play("F F F P")
        #expect(scene.toldOps == [.degraded, .down, .recovered, .down, .recovered])
        #expect(scene.toldChat == [.down])
    }

    @Test("a channel that hangs keeps no other from being told")
    func hangingChannel() {
        var scene = Scene()
        scene.play("F F F")
        let recovered = HealthEvent(
            .recovered, of: ordersSQL, at: .second(99), episode: scene.story.evaluation.episode, reason: nil,
            from: .unhealthy, to: .healthy)
        var hanging = Desk()
        for event in scene.story.events {
            hanging.hear(event)
            hanging.begin()
        }
        hanging.hear(recovered)
        scene.ops.hear(recovered)
        scene.ops.flush()
        #expect(scene.toldOps == [.down, .recovered])
        #expect(hanging.sent.map(\.kind) == [.down])
        hanging.flush()
        #expect(hanging.sent.map(\.kind) == [.down, .recovered])
    }
}
