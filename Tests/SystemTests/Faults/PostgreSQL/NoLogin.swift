import Testing
import VitalsCore

extension PostgresFaults {
    @Test("a role that may not log in any more")
    func noLogin() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "auth_failed in session (28000)", causeClass: .config, state: "unhealthy",
                says: "is not permitted to log in"),
            breaking: { try await place.sql("ALTER ROLE \(place.name) NOLOGIN") },
            mending: { try await place.sql("ALTER ROLE \(place.name) LOGIN") })
        try await page.turn()
    }
}
