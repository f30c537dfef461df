import Testing
import VitalsCore

extension PostgresFaults {
    @Test("a role that has no connection left")
    func roleLimit() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "too_many_connections in session (53300)", causeClass: .target, state: "unhealthy",
                says: "too many connections for role"),
            breaking: { try await place.admin("ALTER ROLE \(place.name) CONNECTION LIMIT 0") },
            mending: { try await place.admin("ALTER ROLE \(place.name) CONNECTION LIMIT 3") })
        try await page.turn()
    }
}
