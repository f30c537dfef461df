import Testing
import VitalsCore

extension MySQLFaults {
    @Test("an account that may be used over TLS only, from now on")
    func accountForTLSOnly() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "auth_failed in authenticate (1045)", causeClass: .config, state: "unhealthy",
                says: "over TLS only: then ssl-mode=require is what is missing"),
            breaking: { try await place.sql("ALTER USER \(place.name) REQUIRE SSL") },
            mending: { try await place.sql("ALTER USER \(place.name) REQUIRE NONE") })
        try await page.turn()
    }
}
