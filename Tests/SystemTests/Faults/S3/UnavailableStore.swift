import Testing
import VitalsCore

extension S3Faults {
    @Test("a store that is not available")
    func unavailableStore() async throws {
        try await Self.turn(
            Self.error(503, "ServiceUnavailable"),
            ExpectedFault(
                verdict: "backend_unavailable in body (ServiceUnavailable)", causeClass: .target,
                state: "unhealthy",
                says: "words of the store"))
    }
}
