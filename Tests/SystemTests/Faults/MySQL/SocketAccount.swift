import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("an account that may only come by the Unix socket, from now on")
    func socketAccount() async throws {
        let server = try await MariaDBServer()
        try await server.start()
        let place = try await MySQLPlace(on: server)
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "auth_failed in authenticate (1698)", causeClass: .config, state: "unhealthy",
                says: "Access denied for user '\(place.name)'"),
            breaking: { try await place.sql("ALTER USER \(place.name) IDENTIFIED VIA unix_socket") },
            mending: { try await place.sql("ALTER USER \(place.name) IDENTIFIED BY 's3cr3t'") })
        try await page.turn()
    }
}
