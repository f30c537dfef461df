import Testing
import VitalsCore
import VitalsTesting

extension WebSocketFaults {
    @Test("a server that goes away")
    func goingAway() async throws {
        try await Self.page(
            "/bye?with=1001&reason=deploy",
            ExpectedFault(
                verdict: "shutting_down in read (1001)", causeClass: .target, state: "unhealthy",
                says: "closed with 1001 (“deploy”)"))
    }
}
