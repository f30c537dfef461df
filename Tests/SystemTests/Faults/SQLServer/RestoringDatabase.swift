import Testing
import VitalsCore
import VitalsTesting

extension SQLServerFaults {
    @Test("a database that is being restored")
    func restoringDatabase() async throws {
        try await Self.turn(
            ExpectedFault(
                verdict: "db_not_accepting in session (927)", causeClass: .config, state: "unhealthy",
                says: "middle of a restore"),
            when: Self.refusing((927, 14, "It is in the middle of a restore."), (18_456, 14, "Login failed."))
        )
    }
}
