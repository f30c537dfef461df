import Testing
import VitalsCore

@Suite("Transitions, episodes and events")
struct EpisodeTests {
    @Test(
        "what follows from the last run of a row",
        arguments: [
            // Unknown to healthy is silent.
            ("P", "unknown→healthy evidence"),
            ("P P", ""),
            // An episode opens on entering degraded or unhealthy from healthy or unknown.
            ("F F F", "unknown→unhealthy opened tell(down) evidence"),
            ("P F F F", "healthy→unhealthy opened tell(down) evidence"),
            ("W W W", "unknown→degraded opened tell(degraded) evidence"),
            ("P W W W", "healthy→degraded opened tell(degraded) evidence"),
            // Repeated trouble is silent.
            ("F F F F", ""),
            ("W W W W", ""),
            // It goes on from degraded to unhealthy and back.
            ("W W W F F F", "degraded→unhealthy tell(down) evidence"),
            ("F F F W", "unhealthy→degraded tell(degraded) evidence"),
            // It ends at healthy.
            ("F F F P", "unhealthy→healthy ended(recovered) tell(recovered) evidence"),
            ("W W W P", "degraded→healthy ended(recovered) tell(recovered) evidence"),
            // It survives unknown.
            ("F F F S", "unhealthy→unknown tell(stale)"),
            ("F F F S F", "unknown→unhealthy tell(down) evidence"),
            ("F F F S W", "unknown→degraded tell(degraded) evidence"),
            ("F F F S P", "unknown→healthy ended(recovered) tell(recovered) evidence"),
            // With none open, unknown to healthy stays silent.
            ("P S", "healthy→unknown tell(stale)"),
            ("P S P", "unknown→healthy evidence"),
            // What was never known goes stale too, without a change of state, and once.
            ("S", "tell(stale)"),
            ("S S", ""),
            ("F F F S S", ""),
            ("F S F S", "tell(stale)"),
        ])
    func effects(runs: String, expected: String) {
        var story = Story()
        #expect(story.tell(runs).words == expected)
    }

    @Test("the episode's id is that of the run that opened it, in every event until its end")
    func oneEpisode() {
        var story = Story()
        story.tell("P W W W F F F S W P")
        let id = EpisodeID(of: ordersSQL, openedBy: .second(30))
        #expect(story.effects.contains(.opened(id, at: .second(30))))
        #expect(story.events.map(\.kind) == [.degraded, .down, .stale, .degraded, .recovered])
        #expect(story.events.allSatisfy { $0.episode == id })
        #expect(story.effects.contains(.ended(id, at: .second(9_090), .recovered)))
        #expect(story.evaluation.episode == nil)
    }

    @Test("after its end the next trouble is another episode")
    func nextEpisode() {
        var story = Story()
        story.tell("F F F P F F F")
        #expect(story.evaluation.episode == EpisodeID(of: ordersSQL, openedBy: .second(60)))
    }

    @Test("a transition names where it came from, where it went, and the instant of the run that caused it")
    func transitions() {
        var story = Story()
        story.tell("P F F F P")
        #expect(
            story.transitions == [
                Transition(ordersSQL, from: .unknown, to: .healthy, at: .second(0)),
                Transition(ordersSQL, from: .healthy, to: .unhealthy, at: .second(30)),
                Transition(ordersSQL, from: .unhealthy, to: .healthy, at: .second(40)),
            ])
    }

    @Test(
        "since is the instant of the run that caused the state",
        arguments: [
            ("F F", nil), ("P", 0), ("P P P", 0), ("P F F F F", 30), ("P F F F F P P", 50), ("P S", 9_010),
            ("P S S F", 9_010),
        ] as [(String, Double?)])
    func since(runs: String, second: Double?) {
        var story = Story()
        story.tell(runs)
        #expect(story.evaluation.since == second.map { .second($0) })
    }

    @Test("an event says which states it lies between, when, and of which health check")
    func events() {
        var story = Story()
        story.tell("P F F F")
        #expect(
            story.events == [
                HealthEvent(
                    .down, of: ordersSQL, at: .second(30),
                    episode: EpisodeID(of: ordersSQL, openedBy: .second(30)), reason: nil, from: .healthy,
                    to: .unhealthy)
            ])
    }

    @Test("the same runs give the same belief and the same effects, so that a crash repeats them")
    func repeatable() {
        var (first, second) = (Story(), Story())
        for story in ["P F F F S P W W W I C"] {
            first.tell(story)
            second.tell(story)
        }
        #expect(first.effects == second.effects)
        #expect(first.evaluation == second.evaluation)
    }

    @Test("after a restart the state is what the store says: nothing is told twice, nothing is lost")
    func restart() {
        var before = Story()
        before.tell("P F F F")
        let kept = before.evaluation
        let restored = Evaluation(
            state: kept.state, since: kept.since, isStale: kept.isStale, failures: kept.failures,
            successes: kept.successes, nonPasses: kept.nonPasses, hasWarn: kept.hasWarn,
            hasPassed: kept.hasPassed, authFailures: kept.authFailures, episode: kept.episode)
        #expect(restored == kept)

        var still = Belief(restored, lastRun: before.belief.lastRun)
        #expect(still.apply(Finding.fail.run(at: 900), .every(), isDatabase: true).isEmpty)

        var well = Belief(restored, lastRun: before.belief.lastRun)
        #expect(
            well.apply(Finding.pass.run(at: 900), .every(), isDatabase: true).words
                == "unhealthy→healthy ended(recovered) tell(recovered) evidence")
    }
}

@Suite("Starting again from unknown")
struct ResetTests {
    @Test(
        "a health check that is disabled, removed or pointed elsewhere starts again, and its episode ends so",
        arguments: [EndReason.disabled, .removed, .reconfigured])
    func endsTheEpisode(reason: EndReason) {
        var story = Story()
        story.tell("P F F F")
        #expect(story.reset(because: reason).words == "unhealthy→unknown ended(\(reason)) tell(ended)")
        let told = story.events.last
        #expect(told?.reason == reason.rawValue)
        #expect(told?.episode == EpisodeID(of: ordersSQL, openedBy: .second(30)))
        #expect(told?.from == .unhealthy)
        #expect(told?.to == .unknown)
        #expect(told?.at == .second(40))
    }

    @Test("everything is forgotten, that it once passed included")
    func forgets() {
        var story = Story()
        story.tell("P A F F W")
        story.reset(because: .reconfigured)
        #expect(story.evaluation.state == .unknown)
        #expect(story.evaluation.failures == 0)
        #expect(story.evaluation.successes == 0)
        #expect(story.evaluation.nonPasses == 0)
        #expect(story.evaluation.hasWarn == false)
        #expect(story.evaluation.hasPassed == false)
        #expect(story.evaluation.authFailures == 0)
        #expect(story.evaluation.episode == nil)
        #expect(story.evaluation.isStale == false)
        #expect(story.belief == Belief(story.evaluation, since: story.evaluation.since))
        story.tell("C C C C")
        #expect(story.state == .unknown)
    }

    @Test(
        "what follows, when the row before it was this",
        arguments: [
            ("", ""), ("F F", ""), ("C C C C", ""), ("P", "healthy→unknown"), ("P S", ""),
            ("F F F S", "ended(disabled) tell(ended)"),
            ("W W W", "degraded→unknown ended(disabled) tell(ended)"),
        ])
    func effects(runs: String, expected: String) {
        var story = Story()
        story.tell(runs)
        #expect(story.reset(because: .disabled).words == expected)
    }

    @Test(
        "it is unknown since the reset, or since it was unknown",
        arguments: [("", nil), ("F F", nil), ("P P", 20), ("P S", 9_010), ("F F F S", 9_030)]
            as [(String, Double?)])
    func since(runs: String, second: Double?) {
        var story = Story()
        story.tell(runs)
        story.reset(because: .disabled)
        #expect(story.evaluation.since == second.map { .second($0) })
    }

    @Test("its next trouble is an episode of its own")
    func opensAnew() {
        var story = Story()
        story.tell("F F F")
        story.reset(because: .reconfigured)
        story.tell("F F F")
        #expect(story.evaluation.episode == EpisodeID(of: ordersSQL, openedBy: .second(60)))
    }
}
