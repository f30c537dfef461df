import Testing
import VitalsCore
import VitalsTesting

extension WebSocketFaults {
    @Test("a server that masks its frames")
    func maskedFrames() async throws {
        try await Self.page(
            "/raw?hex=818001020304",
            ExpectedFault(
                verdict: "unexpected_reply in read", causeClass: .target, state: "unhealthy",
                says: "masked a frame"))
    }
}
