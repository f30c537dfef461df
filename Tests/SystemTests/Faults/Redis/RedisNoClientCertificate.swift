import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("a server that demands a certificate of its clients")
    func redisNoClientCertificate() async throws {
        let authority = try await TestAuthority()
        let identity = try await authority.issue(for: ["127.0.0.1"], days: 60)
        let port = try freePort()
        let place = try await Self.place([
            "tls-port \(port)", "tls-cert-file \(identity.certificate)", "tls-key-file \(identity.key)",
            "tls-ca-cert-file \(authority.certificate)", "tls-auth-clients no",
        ])
        let page = FaultPage(
            check: "redis: \"rediss://watcher:s3cr3t@127.0.0.1:\(port)\"",
            expected: ExpectedFault(
                verdict: "auth_failed in authenticate", causeClass: .config, state: "unhealthy",
                says: "the server demands a client certificate, and the target has none"),
            breaking: { try await place.set("tls-auth-clients", "yes") },
            mending: { try await place.set("tls-auth-clients", "no") })
        try await page.turn()
        // Read again whenever a setting of TLS changes.
        withExtendedLifetime((authority, identity)) {}
    }
}
