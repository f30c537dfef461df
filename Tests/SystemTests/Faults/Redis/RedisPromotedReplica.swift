import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("a replica that was made a primary")
    func redisPromotedReplica() async throws {
        let pair = try await RedisPair()
        let (place, port) = (pair.replica, "\(pair.primary.server.port)")
        let page = FaultPage(
            check: place.checking("role: replica"),
            expected: ExpectedFault(
                verdict: "role_mismatch in session", causeClass: .target, state: "unhealthy",
                says: "a replica was expected, and this is a primary: was it promoted?"),
            breaking: { try await place.tell("REPLICAOF", "NO", "ONE") },
            mending: { try await place.tell("REPLICAOF", "127.0.0.1", port) })
        try await page.turn()
    }
}
