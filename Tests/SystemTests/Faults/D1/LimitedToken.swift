import Testing
import VitalsCore

extension D1Faults {
    @Test("too many calls: no outage, and nothing is asked until it is time")
    func limitedToken() async throws {
        try await Self.turn(
            Self.answer(429, "{}", headers: [("Retry-After", "3")]),
            ExpectedFault(
                verdict: "rate_limited in body (429)", causeClass: .self, state: "healthy",
                says: "again in 3 s"))
    }
}
