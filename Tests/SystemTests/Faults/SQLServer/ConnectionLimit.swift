import Testing
import VitalsCore
import VitalsTesting

extension SQLServerFaults {
    @Test("a server without a place for anybody")
    func connectionLimit() async throws {
        try await Self.turn(
            ExpectedFault(
                verdict: "too_many_connections in authenticate (17809)", causeClass: .target,
                state: "unhealthy",
                says: "maximum number"),
            when: Self.refusing((17_809, 20, "The maximum number of connections has been reached.")))
    }
}
