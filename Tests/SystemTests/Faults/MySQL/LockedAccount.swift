import Testing
import VitalsCore

extension MySQLFaults {
    @Test("an account that was locked")
    func lockedAccount() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "account_state in authenticate (4151)", causeClass: .config, state: "unhealthy",
                says: "this account is locked"),
            breaking: { try await place.sql("ALTER USER \(place.name) ACCOUNT LOCK") },
            mending: { try await place.sql("ALTER USER \(place.name) ACCOUNT UNLOCK") })
        try await page.turn()
    }
}
