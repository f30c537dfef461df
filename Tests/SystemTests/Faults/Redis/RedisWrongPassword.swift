import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("a password that was changed")
    func redisWrongPassword() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "auth_failed in authenticate (WRONGPASS)", causeClass: .config, state: "unhealthy",
                says: "invalid username-password pair or user is disabled"),
            breaking: { try await place.tell("ACL", "SETUSER", "watcher", "resetpass", ">other") },
            mending: { try await place.tell("ACL", "SETUSER", "watcher", "resetpass", ">s3cr3t") })
        try await page.turn()
    }
}
