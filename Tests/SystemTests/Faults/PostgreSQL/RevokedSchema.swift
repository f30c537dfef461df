import Testing
import VitalsCore

extension PostgresFaults {
    @Test("a schema that we may not use any more")
    func revokedSchema() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "privilege in write (42501)", causeClass: .config, state: "unhealthy",
                says: "permission denied for schema vitals"),
            breaking: { try await place.sql("REVOKE USAGE ON SCHEMA vitals FROM \(place.name)") },
            mending: { try await place.sql("GRANT USAGE ON SCHEMA vitals TO \(place.name)") })
        try await page.turn()
    }
}
