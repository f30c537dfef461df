import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("a password that the target has not, and the server wants by now")
    func redisNoPassword() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: "redis: \"redis://127.0.0.1:\(place.server.port)\"",
            expected: ExpectedFault(
                verdict: "auth_failed in authenticate (NOAUTH)", causeClass: .config, state: "unhealthy",
                says: "the server wants a password, and the target has none"),
            breaking: { try await place.set("requirepass", "s3cr3t") },
            mending: {
                _ = try await place.server.tell(
                    ["CONFIG", "SET", "requirepass", ""], as: (name: "default", password: "s3cr3t"))
            })
        try await page.turn()
    }
}
