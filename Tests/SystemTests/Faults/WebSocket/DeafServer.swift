import Testing
import VitalsCore
import VitalsTesting

extension WebSocketFaults {
    @Test("a server that answers messages and no pings")
    func deafServer() async throws {
        try await Self.page(
            "/deaf",
            ExpectedFault(
                verdict: "timeout in read", causeClass: .target, state: "unhealthy",
                says: "no pong to our ping"))
    }
}
