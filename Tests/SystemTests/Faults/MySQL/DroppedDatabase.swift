import Testing
import VitalsCore

extension MySQLFaults {
    @Test("a database that was dropped")
    func droppedDatabase() async throws {
        let place = try await Self.place()
        // To others the server says that they may not use it.
        try await place.sql("GRANT SELECT ON *.* TO \(place.name)")
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "db_missing in session (1049)", causeClass: .target, state: "unhealthy",
                says: "Unknown database '\(place.name)'"),
            breaking: { try await place.sql("DROP DATABASE \(place.name)") },
            mending: { try await place.sql("CREATE DATABASE \(place.name)") })
        try await page.turn()
    }
}
