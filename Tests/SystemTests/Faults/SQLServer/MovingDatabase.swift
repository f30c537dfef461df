import Testing
import VitalsCore
import VitalsTesting

extension SQLServerFaults {
    @Test("a database of Azure that moves")
    func movingDatabase() async throws {
        try await Self.turn(
            ExpectedFault(
                verdict: "starting_up in authenticate (40613)", causeClass: .target, state: "unhealthy",
                says: "not currently available"),
            when: Self.refusing((40_613, 17, "Database is not currently available.")))
    }
}
