import Testing
import VitalsCore

extension D1Faults {
    @Test("a database that is overloaded, told with status 200")
    func overloadedDatabase() async throws {
        try await Self.turn(
            Self.failure(200, 7_500, "D1 DB is overloaded"),
            ExpectedFault(
                verdict: "backend_unavailable in body (7500)", causeClass: .target, state: "unhealthy",
                says: "D1 DB is overloaded"))
    }
}
