import Testing
import VitalsCore

extension ConvexFaults {
    @Test("a query that is not deployed any more")
    func missingFunction() async throws {
        try await Self.turn(
            Self.error("Could not find public function for 'health:ping'."), query: true,
            ExpectedFault(
                verdict: "not_provisioned in body (200)", causeClass: .config, state: "unhealthy",
                says: "there is no query health:ping"))
    }
}
