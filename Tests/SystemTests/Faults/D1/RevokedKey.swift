import Testing
import VitalsCore

extension D1Faults {
    @Test("a token that was revoked")
    func revokedKey() async throws {
        try await Self.turn(
            Self.failure(403, 10_000, "Authentication error"),
            ExpectedFault(
                verdict: "auth_failed in authenticate (10000)", causeClass: .config, state: "unhealthy",
                says: "does not take the key: Authentication error"))
    }
}
