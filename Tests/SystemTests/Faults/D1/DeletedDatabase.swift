import Testing
import VitalsCore

extension D1Faults {
    @Test("a database that was deleted")
    func deletedDatabase() async throws {
        try await Self.turn(
            Self.failure(404, 7_404, "The database could not be found"),
            ExpectedFault(
                verdict: "db_missing in body (7404)", causeClass: .target, state: "unhealthy",
                says: "could not be found"))
    }
}
