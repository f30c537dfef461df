import Testing
import VitalsCore

extension ConvexFaults {
    @Test("a deployment that is not available")
    func unavailableDeployment() async throws {
        try await Self.turn(
            .answer(503, body: "no"),
            ExpectedFault(
                verdict: "backend_unavailable in body (503)", causeClass: .target, state: "unhealthy",
                says: "answered 503"))
    }
}
