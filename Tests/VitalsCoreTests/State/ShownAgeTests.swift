import Testing
import VitalsCore

@Suite("What is shown of a state that nobody has looked at for a while")
struct ShownAgeTests {
    private static let policy = Policy(
        interval: .seconds(10), timeout: .seconds(5), thresholds: Thresholds(failure: 1), confirmEvery: nil)

    /// After these runs, ten seconds apart, the first at 0.
    private static func shown(_ runs: String, maximumAge: Duration? = nil, at second: Double) -> Evaluation {
        var belief = Belief()
        for (index, finding) in runs.compactMap(Finding.init).enumerated() {
            _ = belief.apply(finding.run(at: Double(index) * 10), policy, isDatabase: true)
        }
        return belief.evaluation.shown(
            ordersSQL, lastRun: belief.lastRun, policy, since: .second(0), maximumAge: maximumAge,
            at: .second(second))
    }

    @Test(
        "it holds for three intervals, at least 30 s; then it is unknown and stale",
        arguments: [
            ("P", 29.9, State.healthy), ("P", 30, .unknown), ("F", 29.9, .unhealthy), ("F", 30, .unknown),
            ("PPP", 49.9, .healthy), ("PPP", 50, .unknown),
        ] as [(String, Double, State)])
    func ages(runs: String, second: Double, state: State) {
        let shown = Self.shown(runs, at: second)
        #expect(shown.state == state)
        #expect(shown.isStale == (state == .unknown))
    }

    @Test("what is backed off is not overdue before it may run again")
    func backOff() {
        // Passed once, so that a refused login counts; then refused three times: 80 s from the last one.
        #expect(Self.shown("PAAA", at: 30 + 80 + 29.9).state == .unhealthy)
        #expect(Self.shown("PAAA", at: 30 + 80 + 30).state == .unknown)
    }

    @Test("somebody may want it younger or older")
    func maximumAge() {
        #expect(Self.shown("P", maximumAge: .seconds(3), at: 3).state == .unknown)
        #expect(Self.shown("P", maximumAge: .seconds(90), at: 60).state == .healthy)
    }

    @Test("since says when it was given up")
    func since() {
        #expect(Self.shown("P", at: 100).since == .second(30))
    }
}
