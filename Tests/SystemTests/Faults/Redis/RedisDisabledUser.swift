import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("a user that was switched off")
    func redisDisabledUser() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "auth_failed in authenticate (WRONGPASS)", causeClass: .config, state: "unhealthy",
                says: "user is disabled"),
            breaking: { try await place.tell("ACL", "SETUSER", "watcher", "off") },
            mending: { try await place.tell("ACL", "SETUSER", "watcher", "on") })
        try await page.turn()
    }
}
