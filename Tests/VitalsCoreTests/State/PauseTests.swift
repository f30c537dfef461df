import Testing
import VitalsCore

@Suite("A target that wants to be asked less often is")
struct PauseTests {
    private func run(at second: Double, retryAfter: Duration? = nil) -> Run {
        let fault = Fault(.rateLimited, in: .firstByte, code: "429", message: "answered 429")
        var result = ProbeResult(fault: fault, latency: .zero)
        result.retryAfter = retryAfter
        return Run(
            of: ordersSQL, at: .second(second), startedAt: .second(second), trigger: .scheduled,
            outcome: .inconclusive, result: result)
    }

    @Test(
        "for as long as it says, at least two intervals, at most an hour",
        arguments: [(nil, 20), (1, 20), (45, 45), (3_600, 3_600), (90_000, 3_600)] as [(Int?, Double)])
    func pauses(asked: Int?, seconds: Double) {
        var story = Story()
        story.tell("P P")
        let effects = story.apply(run(at: 20, retryAfter: asked.map { .seconds($0) }))
        #expect(effects.contains(.backOff(until: .second(20 + seconds))))
        #expect(story.state == .healthy)
    }

    @Test("an interval that is longer than an hour is the least of all")
    func longInterval() {
        var story = Story(.every(.seconds(7_200)))
        let effects = story.apply(run(at: 0, retryAfter: .seconds(90_000)))
        #expect(effects.contains(.backOff(until: .second(14_400))))
    }

    @Test("its state is neither worse nor stale before it may be asked again")
    func staysFresh() {
        var story = Story()
        story.tell("P")
        story.apply(run(at: 10, retryAfter: .seconds(600)))
        let policy = Policy.every()
        let expiry = story.belief.expiry(policy, baseline: .second(0))
        #expect(expiry == .second(610) + policy.maximumAge)
        func shown(_ second: Double) -> State {
            story.evaluation.shown(
                ordersSQL, lastRun: story.belief.lastRun, policy, since: .second(0), at: .second(second)
            ).state
        }
        #expect(shown(600) == .healthy)
        #expect(shown(700) == .unknown)
    }

    @Test("other runs that tell nothing pause nothing")
    func others() {
        var story = Story()
        let effects = story.tell("P I")
        #expect(!effects.contains { if case .backOff = $0 { true } else { false } })
    }

    @Test("what a target wants outlives the judging of conditions, and the other way round")
    func kept() {
        var result = run(at: 0, retryAfter: .seconds(7)).result
        #expect(result.observation == nil)
        result.observation = Observation()
        result.observation = nil
        #expect(result.retryAfter == .seconds(7))
        result.observation = Observation()
        result.retryAfter = nil
        #expect(result.observation != nil)
    }
}
