import Testing
import VitalsCore
import VitalsTesting

extension WebSocketFaults {
    @Test("a server that hangs up without a word")
    func hungUp() async throws {
        try await Self.page(
            "/hangup",
            ExpectedFault(
                verdict: "reset in read (1006)", causeClass: .target, state: "unhealthy",
                says: "hung up without a close frame"))
    }
}
