import Testing
import VitalsCore

extension ConvexFaults {
    @Test("something else answers in its place")
    func garbledDeployment() async throws {
        try await Self.turn(
            .garbage,
            ExpectedFault(
                verdict: "unexpected_reply in first_byte", causeClass: .target, state: "unhealthy",
                says: "not HTTP"))
    }
}
