import Testing
import VitalsCore
import VitalsTesting

extension SQLServerFaults {
    @Test("a server that is paused")
    func pausedServer() async throws {
        try await Self.turn(
            ExpectedFault(
                verdict: "shutting_down in authenticate (17142)", causeClass: .target, state: "unhealthy",
                says: "has been paused"),
            when: Self.refusing((17_142, 14, "SQL Server service has been paused.")))
    }
}
