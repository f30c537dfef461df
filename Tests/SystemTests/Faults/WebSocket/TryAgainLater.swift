import Testing
import VitalsCore
import VitalsTesting

extension WebSocketFaults {
    @Test("a server that is too busy")
    func tryAgainLater() async throws {
        try await Self.page(
            "/bye?with=1013",
            ExpectedFault(
                verdict: "backend_unavailable in read (1013)", causeClass: .target, state: "unhealthy",
                says: "closed with 1013"))
    }
}
