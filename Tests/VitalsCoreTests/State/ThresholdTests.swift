import Testing
import VitalsCore
import VitalsTesting

/// A row of runs and the state after each of them.
///
/// Runs: `P`ass, `W`arn, `F`ail, `I`nconclusive, `C`onfig fault, `A`uthentication refused, `S`tale.
/// States: `?` unknown, `+` healthy, `~` degraded, `-` unhealthy.
struct Row: Sendable, CustomTestStringConvertible {
    let thresholds: Thresholds
    let runs: String
    let states: String

    init(_ runs: String, _ states: String, _ thresholds: Thresholds = Thresholds()) {
        self.runs = runs
        self.states = states
        self.thresholds = thresholds
    }

    var testDescription: String { "\(runs) → \(states)" }

    func check(_ location: SourceLocation = #_sourceLocation) {
        var story = Story(thresholds)
        let found = runs.split(separator: " ").map { finding in
            story.tell(String(finding))
            return String(story.state.sign)
        }
        #expect(found.joined(separator: " ") == states, "\(runs)", sourceLocation: location)
    }
}

@Suite("From runs to states")
struct ThresholdTests {
    @Test(
        "that many fails in a row make it unhealthy, and a pass or warn breaks the row",
        arguments: [
            Row("F F F", "? ? -"),
            Row("P F F F F F", "+ + + - - -"),
            Row("F F P F F", "? ? + + +"),
            Row("P F F P F F P F F F", "+ + + + + + + + + -"),
            Row("F", "-", Thresholds(failure: 1)),
            Row("F F F F F", "? ? ? ? -", Thresholds(failure: 5)),
            Row("P F F W F F F", "+ + + ~ ~ ~ -"),
            Row("P F F W F F F", "+ + + + + + -", Thresholds(warn: 9)),
        ])
    func failure(row: Row) { row.check() }

    @Test(
        "that many passes in a row make it healthy, and anything conclusive else breaks the row",
        arguments: [
            Row("P", "+"),
            Row("P P", "? +", Thresholds(success: 2)),
            Row("F F F P P", "? ? - - +", Thresholds(success: 2)),
            Row("F F F P F P P", "? ? - - - - +", Thresholds(success: 2)),
            Row("W W W P W P P", "? ? ~ ~ ~ ~ +", Thresholds(success: 2)),
            Row("P P F P P P", "? ? ? ? ? +", Thresholds(success: 3)),
        ])
    func success(row: Row) { row.check() }

    @Test(
        "that many runs in a row that were no passes, at least one of them a warn, make it degraded",
        arguments: [
            Row("W W W", "? ? ~"),
            Row("P W W W W", "+ + + ~ ~"),
            Row("P F F W", "+ + + ~"),
            Row("P F W F", "+ + + ~"),
            Row("P W F F", "+ + + ~"),
            Row("P W F F F", "+ + + ~ -"),
            Row("P W W P W W", "+ + + + + +"),
            Row("W", "~", Thresholds(warn: 1)),
            Row("P W P F F F F", "+ + + + + + -", Thresholds(failure: 4)),
        ])
    func warn(row: Row) { row.check() }

    @Test(
        "degraded, if set, is that many runs in a row that were no passes, of whatever kind",
        arguments: [
            Row("P F F F", "+ + ~ -", Thresholds(degraded: 2)),
            Row("P W W", "+ + ~", Thresholds(degraded: 2)),
            Row("P F P F", "+ + + +", Thresholds(degraded: 2)),
            Row("P F", "+ ~", Thresholds(degraded: 1)),
            Row("P F F F", "+ + + -"),
            Row("P F F F", "+ + + -", Thresholds(degraded: 3)),
        ])
    func degraded(row: Row) { row.check() }

    @Test(
        "a warn makes an unhealthy one degraded by the rule for warns; a fail never betters a state",
        arguments: [
            Row("F F F W", "? ? - ~"),
            Row("F F F W F F F", "? ? - ~ ~ ~ -"),
            Row("F F F W W", "? ? - - ~", Thresholds(warn: 5)),
            Row("F F F P F", "~ ~ - - -", Thresholds(success: 2, degraded: 1)),
            Row("F F F P F W", "? ~ - - - ~", Thresholds(success: 2, degraded: 2)),
            Row("F F F P W F", "? ? - - - -", Thresholds(success: 2, warn: 2)),
            Row("F F F P W W", "? ? - - - ~", Thresholds(success: 2, warn: 2)),
        ])
    func betterOrWorse(row: Row) { row.check() }

    @Test(
        "inconclusive runs neither count nor break a row, and never change a state",
        arguments: [
            Row("I I I I", "? ? ? ?"),
            Row("P I I I I I", "+ + + + + +"),
            Row("F I F I I F I", "? ? ? ? ? - -"),
            Row("F F F I I I P I", "? ? - - - - + +"),
            Row("P I P", "? ? +", Thresholds(success: 2)),
            Row("W I W I W", "? ? ? ? ~"),
        ])
    func inconclusive(row: Row) { row.check() }

    @Test(
        "a fault that is ours to mend counts only once it has passed under this configuration",
        arguments: [
            Row("C C C C C", "? ? ? ? ?"),
            Row("A A A A", "? ? ? ?"),
            Row("P C C C", "+ + + -"),
            Row("P A C A", "+ + + -"),
            Row("P F C F", "+ + + -"),
            Row("P P C C C", "? + + + -", Thresholds(success: 2)),
            Row("P C C C", "? ? ? -", Thresholds(success: 2)),
            Row("W W W C C C", "? ? ~ ~ ~ ~"),
            Row("F C C F C F", "? ? ? ? ? -"),
            Row("F F F C P", "? ? - - +"),
            Row("C C C P C C C", "? ? ? + + + -"),
        ])
    func config(row: Row) { row.check() }

    @Test(
        "a stale one is unknown, and its rows go on where they were",
        arguments: [
            Row("P S", "+ ?"),
            Row("P S P", "+ ? +"),
            Row("P S F F F", "+ ? ? ? -"),
            Row("F F S F", "? ? ? -"),
            Row("F F F S F", "? ? - ? -"),
            Row("F F F S P", "? ? - ? +"),
            Row("W W W S W", "? ? ~ ? ~"),
            Row("P P S P", "? + ? +", Thresholds(success: 2)),
            Row("P S C C C", "+ ? ? ? -"),
        ])
    func stale(row: Row) { row.check() }

    @Test(
        "the counts are what the API shows: those in a row, and successes up to their threshold",
        arguments: [
            ("F F P F F", 2, 0), ("F F F F F", 5, 0), ("P P P P", 0, 2), ("F F P", 0, 1), ("P F F W", 0, 0),
            ("F I F I", 2, 0), ("C C C", 0, 0), ("P C C", 2, 0), ("F F S", 2, 0),
        ])
    func counts(runs: String, failures: Int, successes: Int) {
        var story = Story(Thresholds(success: 2))
        story.tell(runs)
        #expect(story.evaluation.failures == failures)
        #expect(story.evaluation.successes == successes)
    }

    @Test("a pass that changes nothing changes nothing that is stored", arguments: 1...4)
    func steadyPasses(success: Int) {
        var story = Story(Thresholds(success: success))
        story.tell(String(repeating: "P ", count: success))
        let before = story.evaluation
        let effects = story.tell("P")
        #expect(story.evaluation == before)
        #expect(effects.isEmpty)
    }

    @Test("thresholds that have changed hold from the next run on")
    func changedThresholds() {
        var story = Story(Thresholds(failure: 9))
        story.tell("P F F F")
        #expect(story.state == .healthy)
        var evaluation = story.evaluation
        _ = evaluation.apply(Finding.fail.run(at: 99), .target, Thresholds(failure: 4))
        #expect(evaluation.state == .unhealthy)
    }

    @Test("an inconclusive run leaves what is stored as it was, whatever that is", arguments: 1...40)
    func inconclusiveChangesNothing(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        var story = Story(Thresholds(success: 2, degraded: 2))
        for _ in 0..<50 {
            story.tell(String("PWFCAS".randomElement(using: &generator) ?? "P"))
            let before = story.evaluation
            story.tell("I")
            #expect(story.evaluation == before)
        }
    }
}
