import Testing
import VitalsCore
import VitalsTesting

extension WebSocketFaults {
    @Test("a token that is not taken any more")
    func revokedToken() async throws {
        try await Self.page(
            "/status?with=401",
            ExpectedFault(
                verdict: "auth_failed in authenticate (401)", causeClass: .config, state: "unhealthy",
                says: "wants another login"))
    }
}
