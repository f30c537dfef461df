import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

@Suite("The Redis probe over TLS", .serialized)
struct RedisTLSTests {
    private func secured(
        _ authority: TestAuthority, _ identity: TestAuthority.Identity, clients: String = "no"
    ) async throws -> (server: RedisInstance, port: Int) {
        let port = try freePort()
        let server = try RedisInstance(
            .redis,
            [
                "tls-port \(port)", "tls-cert-file \(identity.certificate)", "tls-key-file \(identity.key)",
                "tls-ca-cert-file \(authority.certificate)", "tls-auth-clients \(clients)",
            ])
        try await server.start()
        try await eventually(that: "TLS on \(port)") { isListening(on: port) }
        return (server, port)
    }

    @Test("verifies chain and name, and tells what it found")
    func verified() async throws {
        let authority = try await TestAuthority()
        let identity = try await authority.issue(for: ["127.0.0.1"], subject: "/O=Test/CN=db1")
        let (server, port) = try await secured(authority, identity)
        for mode in ["require", "verify-ca", "verify-full"] {
            let result = try await RedisHarness.probe(
                "rediss://127.0.0.1:\(port)?sslmode=\(mode)&sslrootcert=\(authority.certificate)")
            #expect(result.verdict == "pass", "\(result)")
            #expect(result.phases.map(\.phase) == [.connect, .tls, .authenticate, .session, .read])
            #expect(result.facts[.tlsProtocol] == .text("TLSv1.3"))
            #expect(result.facts[.certificateSubject] == .text("CN=db1,O=Test"))
        }
        let measured = try await RedisHarness.measure("rediss://127.0.0.1:\(port)")
        #expect(measured.vital("certificate_days_left")?.value != nil)
        let other = try await TestAuthority()
        let untrusted = try await RedisHarness.probe(
            "rediss://127.0.0.1:\(port)?sslrootcert=\(other.certificate)")
        #expect(untrusted.verdict == "tls_cert_untrusted in tls")
        let misnamed = try await RedisHarness.probe(
            "rediss://localhost:\(port)?sslrootcert=\(authority.certificate)")
        #expect(misnamed.verdict == "tls_cert_name_mismatch in tls")
        let bare = try await RedisHarness.probe("redis://127.0.0.1:\(port)")
        #expect(bare.fault?.cause == .protocolMismatch || bare.fault?.cause == .reset, "\(bare)")
        let needless = try await RedisHarness.probe(
            server.target(scheme: "rediss"), timeout: .seconds(1))
        #expect(needless.fault?.phase == .tls, "\(needless)")
    }

    @Test("shows its own certificate to a server that wants one, and tells where it has none")
    func clientCertificate() async throws {
        let authority = try await TestAuthority()
        let identity = try await authority.issue(for: ["127.0.0.1"])
        let (server, port) = try await secured(authority, identity, clients: "yes")
        let own = "&sslcert=\(identity.certificate)&sslkey=\(identity.key)"
        let known = try await RedisHarness.probe("rediss://127.0.0.1:\(port)?sslmode=require\(own)")
        #expect(known.verdict == "pass", "\(known)")
        let unknown = try await RedisHarness.probe("rediss://127.0.0.1:\(port)?sslmode=require")
        #expect(unknown.fault?.cause == .authFailed, "\(unknown)")
        try await server.stop()
    }

    @Test("tells a certificate that has ended")
    func expired() async throws {
        let authority = try await TestAuthority()
        let identity = try await authority.issue(
            for: ["127.0.0.1"], validity: (from: "20200101000000Z", to: "20200201000000Z"))
        let (server, port) = try await secured(authority, identity)
        let result = try await RedisHarness.probe(
            "rediss://127.0.0.1:\(port)?sslrootcert=\(authority.certificate)")
        #expect(result.verdict == "tls_cert_expired in tls")
        try await server.stop()
    }
}
