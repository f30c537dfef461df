import Testing
import VitalsCore
import VitalsTesting

extension SupabaseFaults {
    @Test("as many clients as there may be")
    func fullOfClients() async throws {
        try await Self.page(
            #"{"join": "ConnectionRateLimitReached: Too many connected users"}"#,
            ExpectedFault(
                verdict: "too_many_connections in session (ConnectionRateLimitReached)", causeClass: .target,
                state: "unhealthy",
                says: "Too many connected users"))
    }
}
