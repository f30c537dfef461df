import Testing
import VitalsCore

extension MySQLFaults {
    @Test("a password that was changed")
    func changedPassword() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "auth_failed in authenticate (1045)", causeClass: .config, state: "unhealthy",
                says: "Access denied for user '\(place.name)'"),
            breaking: { try await place.sql("ALTER USER \(place.name) IDENTIFIED BY 'other'") },
            mending: { try await place.sql("ALTER USER \(place.name) IDENTIFIED BY 's3cr3t'") })
        try await page.turn()
    }
}
