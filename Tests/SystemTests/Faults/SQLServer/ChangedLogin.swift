import Testing
import VitalsCore
import VitalsTesting

extension SQLServerFaults {
    @Test("a password that was changed")
    func changedLogin() async throws {
        try await Self.turn(
            ExpectedFault(
                verdict: "auth_failed in authenticate (18456)", causeClass: .config, state: "unhealthy",
                says: "Login failed for user 'monitor'."),
            when: #"{"password": "other"}"#)
    }
}
