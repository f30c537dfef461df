import Testing
import VitalsCore

extension PostgresFaults {
    @Test("a database that was renamed")
    func missingDatabase() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "db_missing in session (3D000)", causeClass: .target, state: "unhealthy",
                says: "does not exist"),
            breaking: {
                try await place.patiently("ALTER DATABASE \(place.name) RENAME TO \(place.name)_away")
            },
            mending: {
                try await place.patiently("ALTER DATABASE \(place.name)_away RENAME TO \(place.name)")
            })
        try await page.turn()
    }
}
