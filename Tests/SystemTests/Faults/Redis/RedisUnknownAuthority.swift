import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("a certificate for which no known authority stands")
    func redisUnknownAuthority() async throws {
        let (authority, other) = (try await TestAuthority(), try await TestAuthority())
        let identity = try await authority.issue(for: ["127.0.0.1"])
        let port = try freePort()
        let place = try await Self.place([
            "tls-port \(port)", "tls-cert-file \(identity.certificate)", "tls-key-file \(identity.key)",
            "tls-ca-cert-file \(authority.certificate)", "tls-auth-clients no",
        ])
        let page = FaultPage(
            check: "redis: \"rediss://watcher:s3cr3t@127.0.0.1:\(port)?sslrootcert=\(other.certificate)\"",
            isWellBefore: false,
            expected: ExpectedFault(
                verdict: "tls_cert_untrusted in tls", causeClass: .config, state: "unknown",
                says: "no trusted authority stands behind"))
        try await page.turn()
        withExtendedLifetime((authority, other, identity, place)) {}
    }
}
