import Testing
import VitalsCore

@Suite("When a health check runs, and how its runs are judged")
struct PolicyTests {
    @Test("three fails, one pass, three warns, and no rule for a sum, unless told otherwise")
    func defaults() {
        let rows = Thresholds.Rows()
        #expect(Thresholds() == .rows(rows))
        #expect(rows.failure == 3)
        #expect(rows.success == 1)
        #expect(rows.warn == 3)
        #expect(rows.degraded == nil)
    }

    @Test("a window of ten, seven fails, three that were no passes, unless told otherwise")
    func windowDefaults() {
        #expect(Thresholds(window: 10, unhealthy: 7, degraded: 3) == .window(Thresholds.Window()))
    }

    @Test(
        "one fewer than the largest threshold that is set confirm a run, and none does in a window",
        arguments: [
            (Thresholds(), 2), (Thresholds(failure: 5), 4), (Thresholds(failure: 1, success: 4, warn: 1), 3),
            (Thresholds(failure: 1, success: 1, warn: 2), 1), (Thresholds(degraded: 6), 5),
            (Thresholds(failure: 1, success: 1, warn: 1, degraded: 1), 0),
            (Thresholds(window: 10, unhealthy: 7, degraded: 3), 0),
        ])
    func confirmations(thresholds: Thresholds, most: Int) {
        #expect(thresholds.mostConfirmations == most)
    }

    @Test(
        "confirmations come after a fifth of the interval, at least 1 s, at most 15 s",
        arguments: [(1, 1_000), (5, 1_000), (10, 2_000), (60, 12_000), (75, 15_000), (3_600, 15_000)])
    func confirmEvery(seconds: Int, milliseconds: Int) {
        let every = Policy.defaultConfirmEvery(interval: .seconds(seconds))
        #expect(every == .milliseconds(milliseconds))
    }

    @Test(
        "a state holds for three intervals without a conclusive run, at least 30 s",
        arguments: [(1, 30), (10, 30), (11, 33), (60, 180)])
    func maximumAge(interval: Int, age: Int) {
        #expect(Policy.every(.seconds(interval)).maximumAge == .seconds(age))
    }
}
