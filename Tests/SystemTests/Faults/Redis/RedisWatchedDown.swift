import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("a primary that a Sentinel takes for down")
    func redisWatchedDown() async throws {
        let place = try await RedisSentinel()
        let page = FaultPage(
            check: place.checking,
            expected: ExpectedFault(
                verdict: "backend_unavailable in read (SDOWN)", causeClass: .target, state: "unhealthy",
                says: "the primary orders at 127.0.0.1:\(place.primary.port) is down"),
            breaking: { try await place.primary.stop() }, mending: { try await place.primary.start() })
        try await page.turn()
    }
}
