import Testing
import VitalsCore

extension MySQLFaults {
    @Test("an account that is gone, of which a server says no more than of a wrong password")
    func droppedAccount() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "auth_failed in authenticate (1045)", causeClass: .config, state: "unhealthy",
                says: "Access denied for user '\(place.name)'"),
            breaking: { try await place.sql("RENAME USER \(place.name) TO \(place.name)_away") },
            mending: { try await place.sql("RENAME USER \(place.name)_away TO \(place.name)") })
        try await page.turn()
    }
}
