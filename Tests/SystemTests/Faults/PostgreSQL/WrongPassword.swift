import Testing
import VitalsCore

extension PostgresFaults {
    @Test("a password that was changed")
    func wrongPassword() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "auth_failed in authenticate (28P01)", causeClass: .config, state: "unhealthy",
                says: "password authentication failed"),
            breaking: { try await place.sql("ALTER ROLE \(place.name) PASSWORD 'other'") },
            mending: { try await place.sql("ALTER ROLE \(place.name) PASSWORD 's3cr3t'") })
        try await page.turn()
    }
}
