import Testing
import VitalsCore
import VitalsTesting

extension SQLServerFaults {
    @Test("a login that was disabled")
    func disabledLogin() async throws {
        try await Self.turn(
            ExpectedFault(
                verdict: "account_state in authenticate (18470)", causeClass: .config, state: "unhealthy",
                says: "The account is disabled."),
            when: Self.refusing((18_470, 14, "Login failed. Reason: The account is disabled.")))
    }
}
