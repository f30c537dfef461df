import Testing
import VitalsCore
import VitalsTesting

@Suite("A failed delivery is tried again")
struct RetryPolicyTests {
    /// Always the smallest choice. (Not 0: the standard library would draw again for ever.)
    private struct Least: RandomNumberGenerator {
        /// Stored, because the thread sanitizer crashes now and then on a value without any size, which has
        /// no address.
        private let number: UInt64 = 1

        mutating func next() -> UInt64 { number }
    }

    private let created = Timestamp.second(0)

    @Test(
        "after 1 to 2 s, then twice as long each time, at most 15 min",
        arguments: [
            (1, 1, 2), (2, 2, 4), (3, 4, 8), (9, 256, 512), (10, 450, 900), (11, 450, 900), (64, 450, 900),
            (100_000, 450, 900),
        ])
    func bounds(attempt: Int, least: Int, most: Int) throws {
        var generator = SeededGenerator(seed: 3)
        var waits: [Duration] = []
        for _ in 0..<400 {
            let due = try #require(next(after: attempt, using: &generator))
            waits.append(due - created)
        }
        let (shortest, longest) = (try #require(waits.min()), try #require(waits.max()))
        #expect(shortest >= .seconds(least))
        #expect(longest <= .seconds(most))
        // Never all together: chance fills the whole of it.
        #expect(longest - shortest > .seconds(most - least) * 9 / 10)
    }

    @Test("chance is all that it depends on")
    func deterministic() {
        var (first, second) = (SeededGenerator(seed: 4), SeededGenerator(seed: 4))
        #expect(next(after: 3, using: &first) == next(after: 3, using: &second))
    }

    @Test(
        "the receiver's wish is honoured when it is longer, up to the end of the day",
        arguments: [
            (0, 1), (1, 1), (30, 30), (3_600, 3_600), (86_400, 86_400), (1_000_000_000_000_000, 86_400),
            (-5, 1),
        ])
    func retryAfter(wish: Int, seconds: Double) {
        var least = Least()
        #expect(next(after: 1, retryAfter: .seconds(wish), using: &least) == .second(seconds))
    }

    @Test("a wish never shortens the wait")
    func wishIsALowerBound() {
        var least = Least()
        #expect(next(after: 5, retryAfter: .seconds(2), using: &least) == .second(16))
    }

    @Test(
        "nothing is tried later than a day after it was written down",
        arguments: [
            (86_398, nil, 86_399), (86_399, nil, 86_400), (86_399.000001, nil, nil), (90_000, nil, nil),
            (86_000, 300, 86_300), (86_000, 3_600, 86_400), (86_400, 1, nil),
        ] as [(Double, Int?, Double?)])
    func lastsADay(now: Double, wish: Int?, expected: Double?) {
        var least = Least()
        let due = RetryPolicy.next(
            after: 1, created: created, retryAfter: wish.map { .seconds($0) }, at: .second(now), using: &least
        )
        #expect(due == expected.map { .second($0) })
    }

    private func next(
        after attempt: Int, retryAfter: Duration? = nil, using generator: inout some RandomNumberGenerator
    ) -> Timestamp? {
        RetryPolicy.next(
            after: attempt, created: created, retryAfter: retryAfter, at: created, using: &generator)
    }
}

@Suite("What became of an attempt")
struct DeliveryOutcomeTests {
    @Test("2xx is delivered", arguments: [200, 201, 202, 204, 299])
    func delivered(status: Int) {
        #expect(DeliveryOutcome.answered(httpStatus: status) == .delivered(httpStatus: status))
    }

    @Test("4xx is final, except 408, 425 and 429", arguments: 400..<500)
    func refused(status: Int) {
        let outcome = DeliveryOutcome.answered(httpStatus: status, retryAfter: .seconds(7))
        let expected: DeliveryOutcome =
            [408, 425, 429].contains(status)
            ? .failed(httpStatus: status, message: "answered \(status)", retryAfter: .seconds(7))
            : .refused(httpStatus: status, message: "answered \(status)")
        #expect(outcome == expected)
    }

    @Test(
        "everything else is worth another attempt", arguments: [100, 199, 300, 301, 302, 399, 500, 503, 599])
    func failed(status: Int) {
        #expect(
            DeliveryOutcome.answered(httpStatus: status)
                == .failed(httpStatus: status, message: "answered \(status)", retryAfter: nil))
    }
}
