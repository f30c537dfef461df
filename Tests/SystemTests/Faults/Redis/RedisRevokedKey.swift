import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("a key that may be written no more")
    func redisRevokedKey() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "privilege in write (NOPERM)", causeClass: .config, state: "unhealthy",
                says: "run: ACL SETUSER watcher ~vitals:* +set +get"),
            breaking: { try await place.tell("ACL", "SETUSER", "watcher", "resetkeys") },
            mending: { try await place.tell("ACL", "SETUSER", "watcher", "~vitals:*") })
        try await page.turn()
    }
}
