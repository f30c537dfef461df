import Testing
import VitalsCore

extension ConvexFaults {
    @Test("asked to ask less often: no outage")
    func limitedDeployment() async throws {
        try await Self.turn(
            .answer(429, headers: [("Retry-After", "3")], body: ""),
            ExpectedFault(
                verdict: "rate_limited in body (429)", causeClass: .self, state: "healthy",
                says: "asked less often"))
    }
}
