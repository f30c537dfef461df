import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("a primary that was made a replica, by a failover say")
    func redisReplicaForPrimary() async throws {
        let pair = try await RedisPair()
        let (place, port) = (pair.primary, "\(pair.replica.server.port)")
        let page = FaultPage(
            check: place.checking("role: primary, write: true"),
            expected: ExpectedFault(
                verdict: "role_mismatch in session", causeClass: .target, state: "unhealthy",
                says: "a primary was expected, and this is a replica: was there a failover?"),
            breaking: {
                try await pair.replica.tell("REPLICAOF", "NO", "ONE")
                try await place.tell("REPLICAOF", "127.0.0.1", port)
            },
            mending: { try await place.tell("REPLICAOF", "NO", "ONE") })
        try await page.turn()
    }
}
