import Testing
import VitalsCore

extension PostgresFaults {
    @Test("a database that has no connection left")
    func databaseLimit() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "too_many_connections in session (53300)", causeClass: .target, state: "unhealthy",
                says: "too many connections for database"),
            breaking: { try await place.admin("ALTER DATABASE \(place.name) CONNECTION LIMIT 0") },
            mending: { try await place.admin("ALTER DATABASE \(place.name) CONNECTION LIMIT -1") })
        try await page.turn()
    }
}
