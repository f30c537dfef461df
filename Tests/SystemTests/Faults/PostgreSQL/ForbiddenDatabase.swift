import Testing
import VitalsCore

extension PostgresFaults {
    @Test("a database that we may not enter any more")
    func forbiddenDatabase() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "db_forbidden in session (42501)", causeClass: .config, state: "unhealthy",
                says: "permission denied for database"),
            breaking: {
                try await place.admin(
                    "REVOKE CONNECT ON DATABASE \(place.name) FROM PUBLIC, \(place.name)")
            },
            mending: {
                try await place.admin("GRANT CONNECT ON DATABASE \(place.name) TO \(place.name)")
            })
        try await page.turn()
    }
}
