import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a server without TLS, where TLS is asked for")
    func serverWithoutTLS() async throws {
        let server = try await MariaDBServer()
        try await server.start()
        let place = try await MySQLPlace(on: server)
        let page = FaultPage(
            check: "mysql: \"\(place.dsn("?ssl-mode=require"))\"", isWellBefore: false,
            expected: ExpectedFault(
                verdict: "tls_unsupported in tls", causeClass: .config, state: "unknown",
                says: "ssl-mode=disable"))
        try await page.turn()
    }
}
