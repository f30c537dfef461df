import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a password that is over, on a server that lets nobody in with it")
    func refusedExpiredPassword() async throws {
        let server = try await MariaDBServer(settings: ["disconnect-on-expired-password": "ON"])
        try await server.start()
        let place = try await MySQLPlace(on: server)
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "account_state in authenticate (1862)", causeClass: .config, state: "unhealthy",
                says: "Your password has expired"),
            breaking: { try await place.sql("ALTER USER \(place.name) PASSWORD EXPIRE") },
            mending: { try await place.sql("ALTER USER \(place.name) IDENTIFIED BY 's3cr3t'") })
        try await page.turn()
    }
}
