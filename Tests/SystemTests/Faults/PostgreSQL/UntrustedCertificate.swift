import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("a certificate of an authority that we do not trust")
    func untrustedCertificate() async throws {
        let authority = try await TestAuthority()
        let server = try await PostgresServer(
            settings: ["ssl": "on", "ssl_cert_file": "server.crt", "ssl_key_file": "server.key"],
            access: PostgresServer.passwords)
        try await server.show(authority.issue(for: ["127.0.0.1"]))
        try await server.start()
        let place = try await FaultPlace(on: server)
        let other = try await TestAuthority()
        let query = "?sslmode=verify-full&sslrootcert=\(other.certificate)"
        let page = FaultPage(
            check: "postgres: \"\(place.dsn)\(query)\"", isWellBefore: false,
            expected: ExpectedFault(
                verdict: "tls_cert_untrusted in tls", causeClass: .config, state: "unknown",
                says: "certificate"))
        try await page.turn()
    }
}
