import Testing
import VitalsCore

extension MySQLFaults {
    @Test("a password that is over: the session may do nothing but change it")
    func expiredPassword() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "account_state in session (1820)", causeClass: .config, state: "unhealthy",
                says: "You must SET PASSWORD"),
            breaking: { try await place.sql("ALTER USER \(place.name) PASSWORD EXPIRE") },
            mending: { try await place.sql("ALTER USER \(place.name) IDENTIFIED BY 's3cr3t'") })
        try await page.turn()
    }
}
