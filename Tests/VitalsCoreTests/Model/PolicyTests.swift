import Testing
import VitalsCore

@Suite("When a health check runs, and how its runs are judged")
struct PolicyTests {
    @Test("three fails, one pass, three warns, and no rule for a sum, unless told otherwise")
    func defaults() {
        let thresholds = Thresholds()
        #expect(thresholds.failure == 3)
        #expect(thresholds.success == 1)
        #expect(thresholds.warn == 3)
        #expect(thresholds.degraded == nil)
    }

    @Test(
        "the highest threshold is the largest of those that are set",
        arguments: [
            (Thresholds(), 3), (Thresholds(failure: 5), 5), (Thresholds(failure: 1, success: 4, warn: 1), 4),
            (Thresholds(failure: 1, success: 1, warn: 2), 2), (Thresholds(degraded: 6), 6),
            (Thresholds(failure: 1, success: 1, warn: 1, degraded: 1), 1),
        ])
    func highest(thresholds: Thresholds, expected: Int) {
        #expect(thresholds.highest == expected)
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
