import Testing
import VitalsCore

@Suite("How often somebody may ask")
struct RateLimitTests {
    private static let limit = RateLimit(perSecond: 10, burst: 3)

    private static func at(_ milliseconds: Int64) -> Timestamp {
        Timestamp(microseconds: 1_000_000_000 + milliseconds * 1_000)
    }

    @Test(
        "a burst is let through, then one for each token that comes",
        arguments: [
            ([0, 0, 0], nil), ([0, 0, 0, 0], 100), ([0, 0, 0, 40], 60), ([0, 0, 0, 100], nil),
            ([0, 0, 0, 100, 100], 100), ([0, 0, 0, 0, 0, 100], nil), ([0, 100, 200, 300, 400], nil),
            ([0, 0, 0, 300, 300, 300], nil), ([0, 0, 0, 10_000, 10_000, 10_000, 10_000], 100),
            ([500, 500, 500, 0], 100),
        ] as [([Int64], Int64?)])
    func bursts(_ asked: [Int64], _ wait: Int64?) {
        var limiter = RateLimiter<Int>(Self.limit, room: 10)
        var last: Duration?
        for milliseconds in asked { last = limiter.admit(1, at: Self.at(max(milliseconds, asked[0]))) }
        #expect(last == wait.map { .milliseconds($0) })
    }

    @Test("who is refused loses nothing by asking again")
    func refusedIsFree() {
        var limiter = RateLimiter<Int>(Self.limit, room: 10)
        for _ in 0..<100 { _ = limiter.admit(1, at: Self.at(0)) }
        #expect(limiter.admit(1, at: Self.at(100)) == nil)
    }

    @Test("one does not wait for another")
    func apart() {
        var limiter = RateLimiter<Int>(Self.limit, room: 10)
        for _ in 0..<4 { _ = limiter.admit(1, at: Self.at(0)) }
        #expect(limiter.admit(2, at: Self.at(0)) == nil)
    }

    @Test("only so many are kept, and those who ask often are not forgotten for those who ask once")
    func bounded() {
        var limiter = RateLimiter<Int>(Self.limit, room: 10)
        for stranger in 0..<10_000 {
            let wait = limiter.admit(-1, at: Self.at(0))
            #expect((wait == nil) == (stranger < 3))
            _ = limiter.admit(stranger, at: Self.at(0))
            #expect(limiter.count <= 20)
        }
    }
}
