import Testing
import VitalsCore
import VitalsTesting

extension WebSocketFaults {
    @Test("a proxy before it that loses the wish")
    func lostUpgrade() async throws {
        try await Self.page(
            "/status?with=426",
            ExpectedFault(
                verdict: "http_status in first_byte (426)", causeClass: .target, state: "unhealthy",
                says: "did not see the wish"))
    }
}
