import Testing
import VitalsCore

extension ConvexFaults {
    @Test("an error of the application, told with status 200")
    func failingFunction() async throws {
        try await Self.turn(
            Self.error("Server Error"), query: true,
            ExpectedFault(
                verdict: "unexpected_reply in body (200)", causeClass: .target, state: "unhealthy",
                says: "the query health:ping failed: Server Error"))
    }
}
