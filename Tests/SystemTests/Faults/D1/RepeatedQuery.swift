import Testing
import VitalsCore

extension D1Faults {
    @Test("a query that Cloudflare had to try twice")
    func repeatedQuery() async throws {
        let twice = #"{"success":true,"result":[{"meta":{"total_attempts":2}}]}"#
        try await Self.turn(
            Self.answer(200, twice), more: ", vitals: [{ name: attempts, every: 2s }]",
            ExpectedFault(
                verdict: "vital in vitals (attempts)", causeClass: .partial, state: "degraded",
                says: "how often Cloudflare tried the query"))
    }
}
