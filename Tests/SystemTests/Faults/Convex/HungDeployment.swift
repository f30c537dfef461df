import Testing
import VitalsCore

extension ConvexFaults {
    @Test("a deployment that takes the request and says nothing")
    func hungDeployment() async throws {
        try await Self.turn(
            .hang,
            ExpectedFault(
                verdict: "timeout in first_byte", causeClass: .target, state: "unhealthy",
                says: "no answer from 127.0.0.1"))
    }
}
