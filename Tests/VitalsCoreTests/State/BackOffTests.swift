import Testing
import VitalsCore

@Suite("Refused logins are backed off")
struct BackOffTests {
    @Test(
        "the interval doubles with each refused login up to 15 min, counted from the run's instant",
        arguments: [
            (10, 1, 20), (10, 2, 40), (10, 3, 80), (10, 6, 640), (10, 7, 900), (10, 50, 900), (1, 9, 512),
            (1, 10, 900), (600, 1, 900), (1_000, 1, 1_000), (3_600, 30, 3_600),
        ])
    func doubles(interval: Int, refusals: Int, seconds: Double) {
        var story = Story(.every(.seconds(interval)))
        let effects = story.tell(String(repeating: "A", count: refusals))
        let at = Double(refusals - 1) * 10
        #expect(effects.contains(.backOff(until: .second(at + seconds))))
    }

    @Test(
        "anything conclusive but a refused login ends it; what tells nothing does not",
        arguments: [("A A P A", 20), ("A A F A", 20), ("A A W A", 20), ("A A C A", 20), ("A A I A", 80)]
            as [(String, Double)])
    func ends(runs: String, seconds: Double) {
        var story = Story()
        #expect(story.tell(runs).contains(.backOff(until: .second(30 + seconds))))
    }

    @Test("nothing else is backed off", arguments: ["P", "W", "F", "I", "C"])
    func nothingElse(run: String) {
        var story = Story()
        let effects = story.tell("P F \(run)")
        #expect(effects.contains { if case .backOff = $0 { true } else { false } } == false)
    }

    @Test("it goes on after a restart")
    func survivesRestart() {
        var story = Story()
        story.tell("P A A")
        var belief = Belief(story.evaluation)
        let effects = belief.apply(Finding.auth.run(at: 0), .every(), isDatabase: true)
        #expect(effects.contains(.backOff(until: .second(80))))
    }
}

@Suite("Our own trouble is told of when it lasts")
struct SelfAlertTests {
    @Test(
        "the third inconclusive run in a row tells of it, once; a run that tells something begins anew",
        arguments: [
            ("I I", 0), ("I I I", 1), ("I I I I I I I", 1), ("I I P I I", 0), ("I I F I I C I I W I", 0),
            ("I I I P I I I", 2),
        ])
    func lasting(runs: String, count: Int) {
        var story = Story()
        story.tell(runs)
        let alerts = story.effects.filter { $0 == .selfAlert(reason: "inconclusive_cut_off") }
        #expect(alerts.count == count)
    }

    @Test("its reason names the cause")
    func reason() {
        var story = Story()
        let fault = Fault(.internal, in: .connect, message: "no file descriptor is left")
        for second in 0..<3 {
            story.apply(.finding(fault, .inconclusive, at: Double(second)))
        }
        #expect(story.effects.contains(.selfAlert(reason: "inconclusive_internal")))
    }
}

@Suite("Evidence is kept for an episode's first run, each change of cause and each transition")
struct EvidenceTests {
    @Test(
        "which runs of a row are kept",
        arguments: [
            ("P P P", "y n n"), ("P F F F F", "y y n y n"), ("F F F P P", "y n y y n"),
            ("P F W F", "y y y y"), ("P F C F F", "y y y y n"), ("P F F I I F", "y y n y n y"),
            ("C C C", "y n n"), ("F P F P", "y y y n"),
        ])
    func kept(runs: String, expected: String) {
        var story = Story(Thresholds(warn: 9))
        let kept = runs.split(separator: " ").map { run in
            story.tell(String(run)).contains(.keepEvidence) ? "y" : "n"
        }
        #expect(kept.joined(separator: " ") == expected)
    }

    @Test("after a restart the cause is compared with that of the last stored run")
    func restart() {
        var story = Story()
        story.tell("P F F F")
        var belief = Belief(story.evaluation, lastRun: story.belief.lastRun)
        #expect(belief.apply(Finding.fail.run(at: 99), .every(), isDatabase: true).isEmpty)
        #expect(belief.apply(Finding.config.run(at: 109), .every(), isDatabase: true) == [.keepEvidence])
    }

    @Test("the last run is the one that was taken in last, inconclusive ones included, and goes with a reset")
    func lastRun() {
        var story = Story()
        story.tell("P I")
        #expect(story.belief.lastRun == Finding.inconclusive.run(at: 10))
        story.reset(because: .reconfigured)
        #expect(story.belief.lastRun == nil)
    }
}
