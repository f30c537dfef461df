import Testing
import VitalsCore
import VitalsTesting

extension WebSocketFaults {
    @Test("a server that refuses the upgrade")
    func forbiddenUpgrade() async throws {
        try await Self.page(
            "/status?with=403",
            ExpectedFault(
                verdict: "http_status in first_byte (403)", causeClass: .target, state: "unhealthy",
                says: "answered 403 to the wish for a WebSocket"))
    }
}
