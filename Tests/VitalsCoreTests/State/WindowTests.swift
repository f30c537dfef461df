import Testing
import VitalsCore
import VitalsTesting

@Suite("From a window of runs to states")
struct WindowTests {
    /// Of five: unhealthy at three fails, degraded at two that were no passes.
    private static let five = Thresholds(window: 5, unhealthy: 3, degraded: 2)

    @Test(
        "unhealthy at that many fails, else degraded at that many non-passes, else healthy with a pass",
        arguments: [
            Row("P", "+", five),
            Row("P F F F", "+ + ~ -", five),
            Row("P F P F P", "+ + + ~ ~", five),
            Row("P F P F F", "+ + + ~ -", five),
            Row("P W W W W W", "+ + ~ ~ ~ ~", five),
            Row("P W F W F F", "+ + ~ ~ ~ -", five),
            Row("P F F F", "+ + + -", Thresholds(window: 5, unhealthy: 3, degraded: 5)),
            Row("P W W W W W", "+ + + + + ~", Thresholds(window: 5, unhealthy: 3, degraded: 5)),
            Row("F P F P", "- + - +", Thresholds(window: 1, unhealthy: 1, degraded: 1)),
        ])
    func judged(row: Row) { row.check() }

    @Test(
        "it is judged on what it has: without a pass, and with too few of the others, it stays as it is",
        arguments: [
            Row("F", "?", five),
            Row("F P", "? +", five),
            Row("F F F", "? ~ -", five),
            Row("W W", "? ~", five),
            Row("F W P P P P P", "? ~ ~ ~ ~ + +", five),
            Row("F F F F F F F P", "? ? ~ ~ ~ ~ - -", Thresholds(window: 10, unhealthy: 7, degraded: 3)),
        ])
    func few(row: Row) { row.check() }

    @Test(
        "what is older than the window counts no more",
        arguments: [
            Row("P F F F P P P P P", "+ + ~ - - - ~ + +", five),
            Row("F F F P P P", "? ~ - - - ~", five),
            Row("P P P P P P P F P P P P F", "+ + + + + + + + + + + + +", five),
            Row("P F P P P P F F", "+ + + + + + + ~", five),
        ])
    func older(row: Row) { row.check() }

    @Test(
        "inconclusive runs neither count nor leave the window",
        arguments: [
            Row("I I I", "? ? ?", five),
            Row("P F I I I I I I F", "+ + + + + + + + ~", five),
            Row("P F F F I I I I I I", "+ + ~ - - - - - - -", five),
        ])
    func inconclusive(row: Row) { row.check() }

    @Test(
        "a fault that is ours to mend counts only once it has passed under this configuration",
        arguments: [
            Row("C C C C", "? ? ? ?", five),
            Row("A A A A", "? ? ? ?", five),
            Row("C C C P C C C", "? ? ? + + ~ -", five),
            Row("F C C C P", "? ? ? ? +", five),
            Row("P A C A", "+ + ~ -", five),
        ])
    func config(row: Row) { row.check() }

    @Test(
        "a stale one is unknown, and its window goes on where it was",
        arguments: [
            Row("P S", "+ ?", five),
            Row("P F S F", "+ + ? ~", five),
            Row("P F F F S P", "+ + ~ - ? -", five),
            Row("P F F F S P P P", "+ + ~ - ? - - ~", five),
        ])
    func stale(row: Row) { row.check() }

    @Test("after a reset nothing of it is left")
    func reset() {
        var story = Story(Self.five)
        story.tell("P F F F")
        story.reset(because: .reconfigured)
        #expect(story.evaluation.recent == RecentRuns())
        story.tell("F")
        #expect(story.state == .unknown)
        story.tell("P")
        #expect(story.state == .healthy)
    }

    @Test("nothing is confirmed", arguments: ["P F", "F P", "P F F F", "P W", "F"])
    func confirmed(runs: String) {
        var story = Story(.every(.seconds(60), Self.five, confirm: .seconds(5)))
        story.tell(runs)
        #expect(!story.effects.contains { if case .confirm = $0 { true } else { false } })
    }

    @Test("an episode opens, and ends when enough of it is past")
    func episode() {
        var story = Story(Self.five)
        story.tell("P F F F P P P P")
        #expect(
            story.effects.words == """
                unknown→healthy evidence evidence healthy→degraded opened tell(degraded) evidence \
                degraded→unhealthy tell(down) evidence unhealthy→degraded tell(degraded) evidence \
                degraded→healthy ended(recovered) tell(recovered) evidence
                """)
    }

    @Test("a pass after nothing but passes changes nothing that is stored", arguments: 1...12)
    func steadyPasses(passes: Int) {
        var story = Story(Self.five)
        story.tell(String(repeating: "P", count: passes))
        #expect(story.evaluation.isSettled(Self.five))
        let before = story.evaluation
        #expect(story.tell("P").isEmpty)
        #expect(story.evaluation == before)
    }

    @Test("while a fail is in the window, a pass changes what is stored; once it is past, none does")
    func settling() {
        var story = Story(Self.five)
        story.tell("P P P F")
        for _ in 0..<4 {
            story.tell("P")
            #expect(!story.evaluation.isSettled(Self.five))
        }
        story.tell("P")
        #expect(story.evaluation.isSettled(Self.five))
        #expect(story.evaluation.recent.text == "P")
    }

    @Test(
        "after a restart it goes on with what was stored, whatever the thresholds are now",
        arguments: [
            // Of the same window: as if nothing had been.
            ("P F F", five, five, "F", "-"),
            // A shorter one forgets what is too old for it, a longer one knows no more than there is.
            ("P F F P P", five, Thresholds(window: 2, unhealthy: 1, degraded: 1), "P", "+"),
            ("F P F", five, Thresholds(window: 9, unhealthy: 3, degraded: 3), "F", "-"),
            // From rows: it begins with the next run, and until then the state stays.
            ("P F F F", Thresholds(), five, "F", "-"),
            ("P F F F", Thresholds(), five, "P", "+"),
            ("P", Thresholds(), five, "F", "+"),
            // To rows: those in a row count on.
            ("P F F", five, Thresholds(failure: 3), "F", "-"),
            ("P F F", five, Thresholds(failure: 4), "F", "~"),
        ])
    func changed(runs: String, from: Thresholds, to: Thresholds, next: String, state: Character) {
        var story = Story(from)
        story.tell(runs)
        var later = Story(to)
        later.belief = Belief(story.evaluation, lastRun: story.belief.lastRun)
        later.tell(next)
        #expect(later.state.sign == state)
    }

    @Test("counting rows, nothing of a window is kept")
    func leftBehind() {
        var story = Story(Self.five)
        story.tell("P F")
        var evaluation = story.evaluation
        #expect(!evaluation.isSettled(Thresholds()))
        _ = evaluation.apply(Finding.pass.run(at: 99), nil, Thresholds())
        #expect(evaluation.recent == RecentRuns())
        #expect(evaluation.isSettled(Thresholds()))
    }

    @Test("what is kept judges as all of the runs would, whatever they are", arguments: 1...60)
    func kept(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let size = Int.random(in: 1...12, using: &generator)
        let unhealthy = Int.random(in: 1...size, using: &generator)
        let degraded = Int.random(in: 1...size, using: &generator)
        var story = Story(Thresholds(window: size, unhealthy: unhealthy, degraded: degraded))
        var all = ""
        var expected = State.unknown
        for _ in 0..<200 {
            let letter = "PPPPWFI".randomElement(using: &generator) ?? "P"
            story.tell(String(letter))
            if letter != "I" {
                all.append(letter)
                let window = all.suffix(size)
                if window.count(where: { $0 == "F" }) >= unhealthy {
                    expected = .unhealthy
                } else if window.count(where: { $0 != "P" }) >= degraded {
                    expected = .degraded
                } else if window.contains("P") {
                    expected = .healthy
                }
            }
            #expect(story.state == expected)
            let text = story.evaluation.recent.text
            #expect(RecentRuns(text) == story.evaluation.recent)
            #expect(text.count <= size)
        }
    }

    @Test("what is stored reads back, and nothing else does")
    func text() {
        #expect(RecentRuns("PFWP")?.text == "PFWP")
        #expect(RecentRuns("") == RecentRuns())
        #expect(RecentRuns(String(repeating: "F", count: 100)) != nil)
        for garbage in ["p", "PFX", "P F", "PÉ", String(repeating: "F", count: 101), "\0"] {
            #expect(RecentRuns(garbage) == nil)
        }
    }
}
