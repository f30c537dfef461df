import Testing
import VitalsCore

@Suite("A state has an age")
struct StalenessTests {
    private let policy = Policy.every(.seconds(20))

    @Test("three intervals after the last conclusive run it is unknown and stale, not a moment before")
    func afterThreeIntervals() {
        var belief = Belief()
        _ = belief.apply(Finding.pass.run(at: 100, latency: .milliseconds(500)), policy, isDatabase: true)
        #expect(expire(&belief, baseline: 0, at: 160.499999).isEmpty)
        #expect(belief.evaluation.state == .healthy)
        #expect(expire(&belief, baseline: 0, at: 160.5).words == "healthy→unknown tell(stale)")
        #expect(belief.evaluation.isStale)
        #expect(belief.evaluation.since == .second(160.5))
    }

    @Test("a late run, for a slot of before, changes a stale state where that began and not earlier")
    func lateRun() {
        var belief = Belief()
        _ = belief.apply(Finding.pass.run(at: 100), policy, isDatabase: true)
        _ = expire(&belief, baseline: 0, at: 161)
        let effects = belief.apply(
            Finding.pass.run(at: 160, latency: .seconds(4)), policy, isDatabase: true)
        #expect(
            effects.first
                == .transition(
                    Transition(ordersSQL, from: .unknown, to: .healthy, at: .second(161))))
        #expect(belief.evaluation.since == .second(161))
    }

    @Test("inconclusive runs do not make it younger")
    func inconclusiveRunsDoNotCount() {
        var belief = Belief()
        _ = belief.apply(Finding.pass.run(at: 100), policy, isDatabase: true)
        for second in [120.0, 140, 160] {
            _ = belief.apply(Finding.inconclusive.run(at: second), policy, isDatabase: true)
        }
        #expect(expire(&belief, baseline: 0, at: 160).words == "healthy→unknown tell(stale)")
    }

    @Test("a misconfigured one is told of, run by run: it is unknown, but not stale")
    func configFaultsAreConclusive() {
        var belief = Belief()
        _ = belief.apply(Finding.config.run(at: 100), policy, isDatabase: true)
        #expect(expire(&belief, baseline: 0, at: 159).isEmpty)
    }

    @Test("what the store gave back is counted from the node's start")
    func countsFromTheStart() {
        var story = Story()
        story.tell("P F F F")
        var belief = Belief(story.evaluation, lastRun: story.belief.lastRun)
        #expect(expire(&belief, baseline: 86_400, at: 86_459).isEmpty)
        #expect(expire(&belief, baseline: 86_400, at: 86_460).words == "unhealthy→unknown tell(stale)")
    }

    @Test("a node that was asleep begins to count when it wakes")
    func countsFromWaking() {
        var belief = Belief()
        _ = belief.apply(Finding.pass.run(at: 100), policy, isDatabase: true)
        #expect(expire(&belief, baseline: 5_000, at: 5_059).isEmpty)
        #expect(expire(&belief, baseline: 5_000, at: 5_060).isEmpty == false)
    }

    @Test("while logins are backed off it is counted from the slot that back-off allows next")
    func countsFromBackOff() {
        var story = Story(policy)
        story.tell("P A A A")
        // The third refusal at second 30 holds back for eight intervals, until second 190.
        #expect(expire(&story.belief, baseline: 0, at: 249).isEmpty)
        #expect(expire(&story.belief, baseline: 0, at: 250).isEmpty == false)
    }

    @Test("a run that tells something ends the back-off")
    func backOffEnds() {
        var story = Story(policy)
        story.tell("P A A A P")
        #expect(expire(&story.belief, baseline: 0, at: 99).isEmpty)
        #expect(expire(&story.belief, baseline: 0, at: 100).isEmpty == false)
    }

    @Test(
        "the next conclusive run ends it, whatever it found",
        arguments: [("P", false), ("F", false), ("W", false), ("C", false), ("A", false), ("I", true)])
    func ends(run: String, isStale: Bool) {
        var story = Story()
        story.tell("P S \(run)")
        #expect(story.evaluation.isStale == isStale)
    }

    @Test("it is told once, and again only after it was known")
    func toldOnce() {
        var story = Story()
        story.tell("P S S S P S")
        #expect(story.events.map(\.kind) == [.stale, .stale])
        #expect(story.events.map(\.at) == [.second(9_010), .second(36_050)])
    }

    @Test("its event carries what it was and the open episode, if there is one")
    func event() {
        var story = Story()
        story.tell("F F F S")
        #expect(
            story.events.last
                == HealthEvent(
                    .stale, of: ordersSQL, at: .second(9_030),
                    episode: EpisodeID(of: ordersSQL, openedBy: .second(20)), reason: "no conclusive run",
                    from: .unhealthy, to: .unknown))
    }

    private func expire(_ belief: inout Belief, baseline: Double, at second: Double) -> [Effect] {
        belief.expire(ordersSQL, policy, baseline: .second(baseline), at: .second(second))
    }
}
