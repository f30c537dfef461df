import Testing
import VitalsCore

extension S3Faults {
    @Test("asked to ask less often: no outage")
    func slowedDown() async throws {
        try await Self.turn(
            Self.error(503, "SlowDown"),
            ExpectedFault(
                verdict: "rate_limited in body (SlowDown)", causeClass: .self, state: "healthy",
                says: "SlowDown: words of the store"))
    }
}
