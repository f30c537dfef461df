import Testing
import VitalsCore

@Suite("A run that disagrees with the state is confirmed")
struct ConfirmationTests {
    private static let confirmed = Policy.every(.seconds(60), confirm: .seconds(12))

    @Test(
        "the last run of a row is confirmed if it disagrees with the state it leaves",
        arguments: [
            ("P", false), ("P P", false), ("P F", true), ("P F F", true), ("P F F F", false), ("F", true),
            ("P W", true), ("P W W", true), ("P W W W", false), ("P W W W F", true), ("F F F W", false),
            ("F F F P", false), ("F F F F", false), ("P S P", false), ("P S F", true),
        ])
    func disagreement(runs: String, isConfirmed: Bool) {
        var story = Story(Self.confirmed)
        #expect(story.tell(runs).contains(where: isConfirm) == isConfirmed)
    }

    @Test("a pass is confirmed until there are enough of them")
    func passes() {
        var story = Story(.every(.seconds(60), Thresholds(success: 3), confirm: .seconds(12)))
        story.tell("F F F")
        #expect(story.tell("P").words == "confirm")
        #expect(story.tell("P", .confirm).words == "confirm")
        #expect(story.tell("P", .confirm).contains(where: isConfirm) == false)
        #expect(story.state == .healthy)
    }

    @Test("what is ours to mend, and what tells nothing, is not confirmed", arguments: ["C", "A", "I"])
    func neverConfirmed(run: String) {
        for past in ["", "P ", "F F F ", "W W W "] {
            var story = Story(Self.confirmed)
            #expect(story.tell(past + run).contains(where: isConfirm) == false)
        }
    }

    @Test("a name that was known before is confirmed, one that never was is not")
    func names() {
        let fault = Fault(.dnsNXDomain, in: .resolve, message: "no such name")
        var known = Story(Self.confirmed)
        known.tell("P")
        #expect(known.apply(.finding(fault, .fail, at: 10)).contains(where: isConfirm))
        var never = Story(Self.confirmed)
        #expect(never.apply(.finding(fault, .fail, at: 10)).contains(where: isConfirm) == false)
    }

    @Test("it comes confirm_every after the end of the run before it, and is off if that is")
    func instant() {
        let slow = Run(
            of: ordersSQL, at: .second(0), startedAt: .second(1), trigger: .scheduled, outcome: .fail,
            result: ProbeResult(fault: Finding.fail.fault, latency: .seconds(4)))
        var story = Story(Self.confirmed)
        #expect(story.apply(slow).contains(.confirm(at: .second(17))))
        var off = Story(.every(.seconds(60)))
        #expect(off.apply(slow).contains(where: isConfirm) == false)
    }

    @Test(
        "after one run of another trigger there is at most one fewer than the highest threshold",
        arguments: [
            (Thresholds(failure: 2, success: 2, warn: 2), 1), (Thresholds(success: 2), 2),
            (Thresholds(failure: 2, success: 4, warn: 2), 3), (Thresholds(failure: 5, success: 2), 4),
            (Thresholds(success: 2, warn: 6), 5), (Thresholds(success: 2, degraded: 7), 6),
        ], [Trigger.scheduled, .initial, .manual])
    func budget(_ row: (thresholds: Thresholds, most: Int), trigger: Trigger) {
        var story = Story(.every(.seconds(60), row.thresholds, confirm: .seconds(1)))
        // Fails and passes in turn leave it unknown, so that every one of them disagrees.
        var runs = ["F", "P"]
        for _ in 0..<3 {
            var confirmations = 0
            while story.tell(runs[0], confirmations == 0 ? trigger : .confirm).contains(where: isConfirm),
                confirmations < 20
            {
                confirmations += 1
                runs.swapAt(0, 1)
            }
            #expect(story.state == .unknown)
            #expect(confirmations == row.most)
            runs.swapAt(0, 1)
        }
    }

    @Test("so three failures at 60 s do not take two minutes to notice")
    func noticedSoon() {
        var story = Story(Self.confirmed)
        story.tell("P")
        var at = 60.0
        var next: [Effect] = story.apply(Finding.fail.run(at: at))
        while let confirm = next.compactMap({ if case .confirm(let at) = $0 { at } else { nil } }).first {
            at = Double((confirm - .second(0)).microseconds) / 1_000_000
            next = story.apply(Finding.fail.run(at: at, .confirm))
        }
        #expect(story.state == .unhealthy)
        #expect(at == 84)
    }

    private func isConfirm(_ effect: Effect) -> Bool {
        if case .confirm = effect { true } else { false }
    }
}
