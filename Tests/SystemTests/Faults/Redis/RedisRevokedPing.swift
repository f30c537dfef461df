import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("a right that was taken away")
    func redisRevokedPing() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "privilege in read (NOPERM)", causeClass: .config, state: "unhealthy",
                says: "run: ACL SETUSER watcher +ping"),
            breaking: { try await place.tell("ACL", "SETUSER", "watcher", "-ping") },
            mending: { try await place.tell("ACL", "SETUSER", "watcher", "+ping") })
        try await page.turn()
    }
}
