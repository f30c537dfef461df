import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("a certificate that has ended")
    func expiredCertificate() async throws {
        let authority = try await TestAuthority()
        let server = try await PostgresServer(
            settings: ["ssl": "on", "ssl_cert_file": "server.crt", "ssl_key_file": "server.key"],
            access: PostgresServer.passwords)
        try await server.show(
            authority.issue(for: ["127.0.0.1"], validity: ("20200101000000Z", "20200201000000Z")))
        try await server.start()
        let place = try await FaultPlace(on: server)
        let query = "?sslmode=verify-full&sslrootcert=\(authority.certificate)"
        let page = FaultPage(
            check: "postgres: \"\(place.dsn)\(query)\"", isWellBefore: false,
            expected: ExpectedFault(
                verdict: "tls_cert_expired in tls", causeClass: .target, state: "unhealthy",
                says: "certificate"))
        try await page.turn()
    }
}
