import Testing
import VitalsCore
import VitalsTesting

extension WebSocketFaults {
    @Test("a server that answers pings and no messages")
    func muteServer() async throws {
        try await Self.page(
            "/mute",
            ExpectedFault(
                verdict: "timeout in read", causeClass: .target, state: "unhealthy",
                says: "no complete answer from 127.0.0.1"))
    }
}
