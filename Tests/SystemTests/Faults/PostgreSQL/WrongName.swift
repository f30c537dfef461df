import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("a certificate for another host")
    func wrongName() async throws {
        let authority = try await TestAuthority()
        let server = try await PostgresServer(
            settings: ["ssl": "on", "ssl_cert_file": "server.crt", "ssl_key_file": "server.key"],
            access: PostgresServer.passwords)
        try await server.show(authority.issue(for: ["db2.example.com"]))
        try await server.start()
        let place = try await FaultPlace(on: server)
        let query = "?sslmode=verify-full&sslrootcert=\(authority.certificate)"
        let page = FaultPage(
            check: "postgres: \"\(place.dsn)\(query)\"", isWellBefore: false,
            expected: ExpectedFault(
                verdict: "tls_cert_name_mismatch in tls", causeClass: .config, state: "unknown",
                says: "db2.example.com"))
        try await page.turn()
    }
}
