import Testing
import VitalsCore
import VitalsTesting

extension SQLServerFaults {
    @Test("a secondary that nobody may read")
    func unreadableSecondary() async throws {
        try await Self.turn(
            ExpectedFault(
                verdict: "db_not_accepting in session (976)", causeClass: .config, state: "unhealthy",
                says: "availability group"),
            when: Self.refusing(
                (976, 14, "It takes part in an availability group."), (4_060, 11, "Cannot open")))
    }
}
