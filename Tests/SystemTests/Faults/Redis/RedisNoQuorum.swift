import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("a Sentinel that has too few others for a failover")
    func redisNoQuorum() async throws {
        let place = try await RedisSentinel()
        let page = FaultPage(
            check: place.checking,
            expected: ExpectedFault(
                verdict: "backend_unavailable in read (NOQUORUM)", causeClass: .target, state: "unhealthy",
                says: "no failover of orders could be agreed on"),
            breaking: { try await place.sentinel.tell("SENTINEL", "SET", "orders", "quorum", "2") },
            mending: { try await place.sentinel.tell("SENTINEL", "SET", "orders", "quorum", "1") })
        try await page.turn()
    }
}
