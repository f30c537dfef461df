import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a certificate that was replaced by one that has ended")
    func endedCertificate() async throws {
        let authority = try await TestAuthority()
        let good = try await authority.issue(for: ["127.0.0.1"])
        let ended = try await authority.issue(
            for: ["127.0.0.1"], validity: ("20200101000000Z", "20200201000000Z"))
        let shown = try TemporaryDirectory("vitals-shown")
        let server = try await MariaDBServer(settings: [
            "ssl-cert": shown.file("server.pem"), "ssl-key": shown.file("server.key"),
        ])
        func show(_ identity: TestAuthority.Identity) async throws {
            try await run(["cp", identity.certificate, "server.pem"], in: shown)
            try await run(["cp", identity.key, "server.key"], in: shown)
        }
        try await show(good)
        try await server.start()
        let place = try await MySQLPlace(on: server)
        let query = "?ssl-mode=verify-full&ssl-ca=\(authority.certificate)"
        let page = FaultPage(
            check: place.measuring("{ name: certificate_days_left, enabled: false }", of: place.dsn(query)),
            expected: ExpectedFault(
                verdict: "tls_cert_expired in tls", causeClass: .target, state: "unhealthy",
                says: "certificate"),
            breaking: {
                try await show(ended)
                try await server.sql("FLUSH SSL")
            },
            mending: {
                try await show(good)
                try await server.sql("FLUSH SSL")
            })
        try await page.turn()
    }
}
