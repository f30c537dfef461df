import Testing
import VitalsCore

extension PostgresFaults {
    @Test("a database that takes nobody in")
    func closedDatabase() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "db_not_accepting in session (55000)", causeClass: .config, state: "unhealthy",
                says: "not currently accepting connections"),
            breaking: { try await place.admin("ALTER DATABASE \(place.name) ALLOW_CONNECTIONS false") },
            mending: { try await place.admin("ALTER DATABASE \(place.name) ALLOW_CONNECTIONS true") })
        try await page.turn()
    }
}
