import Testing
import VitalsCore
import VitalsTesting

extension SQLServerFaults {
    @Test("a database that was dropped")
    func databaseGone() async throws {
        try await Self.turn(
            ExpectedFault(
                verdict: "db_missing in session (4060)", causeClass: .target, state: "unhealthy",
                says: "Cannot open database"),
            when: Self.refusing((4_060, 11, "Cannot open database 'shop'."), (18_456, 14, "Login failed.")))
    }
}
