import Testing
import VitalsCore

extension MySQLFaults {
    @Test("a database that we have no right to any more")
    func revokedDatabase() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "db_forbidden in session (1044)", causeClass: .config, state: "unhealthy",
                says: "to database '\(place.name)'"),
            breaking: { try await place.sql("REVOKE SELECT ON \(place.name).* FROM \(place.name)") },
            mending: { try await place.sql("GRANT SELECT ON \(place.name).* TO \(place.name)") })
        try await page.turn()
    }
}
