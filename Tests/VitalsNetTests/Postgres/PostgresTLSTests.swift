import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

@Suite("The PostgreSQL probe over TLS", .serialized)
struct PostgresTLSTests {
    private static let access = """
        local all all trust
        hostssl all plain 127.0.0.1/32 password
        hostssl all all 127.0.0.1/32 scram-sha-256
        """

    private func server(
        _ authority: TestAuthority, names: [String], validity: (from: String, to: String)? = nil
    ) async throws -> PostgresServer {
        let identity = try await authority.issue(for: names, subject: "/O=Test/CN=db1", validity: validity)
        let server = try await PostgresServer(
            settings: ["ssl": "on", "ssl_cert_file": "server.crt", "ssl_key_file": "server.key"],
            access: Self.access)
        try await server.use(identity)
        try await server.start()
        try await server.sql("CREATE ROLE scram LOGIN PASSWORD 'pw'; CREATE ROLE plain LOGIN PASSWORD 'pw'")
        return server
    }

    @Test("verifies chain and name, and tells what it found")
    func verified() async throws {
        let authority = try await TestAuthority()
        let server = try await server(authority, names: ["localhost", "db1.example.com", "127.0.0.1"])
        for mode in ["require", "verify-ca", "verify-full"] {
            let roots = mode == "require" ? "" : "&sslrootcert=\(authority.certificate)"
            let result = try await PostgresHarness.probe(
                server.target("scram", "pw", query: "?sslmode=\(mode)\(roots)"))
            #expect(result.verdict == "pass", "\(result)")
            #expect(result.phases.map(\.phase) == [.connect, .tls, .authenticate, .session, .read])
            #expect(result.facts[.tlsProtocol] == .text("TLSv1.3"))
            #expect(result.facts[.certificateSubject] == .text("CN=db1,O=Test"))
            #expect(result.facts[.certificateNames] == .list(["localhost", "db1.example.com", "127.0.0.1"]))
            #expect([.number(19), .number(20)].contains(result.facts[.certificateDaysLeft]))
        }
        let clear = try await PostgresHarness.probe(server.target("plain", "pw", query: "?sslmode=require"))
        #expect(clear.verdict == "pass")

        let bare = try await PostgresHarness.probe(server.target("scram", "pw", query: "?sslmode=disable"))
        #expect(bare.verdict == "host_blocked in authenticate (28000)")
        #expect(bare.fault?.message.contains("sslmode=require") == true)

        let other = try await TestAuthority()
        let untrusted = try await PostgresHarness.probe(
            server.target("scram", "pw", query: "?sslmode=verify-ca&sslrootcert=\(other.certificate)"))
        #expect(untrusted.verdict == "tls_cert_untrusted in tls")
        let missing = try await PostgresHarness.probe(
            server.target("scram", "pw", query: "?sslmode=verify-ca&sslrootcert=/nowhere.pem"))
        #expect(missing.fault?.cause == .badConfiguration, "\(missing)")

        #expect(!server.log.contains("unexpected EOF"))
        #expect(!server.log.contains("could not send data"))
    }

    @Test("refuses the certificate of another host, but only if it is to check the name")
    func wrongName() async throws {
        let authority = try await TestAuthority()
        let server = try await server(authority, names: ["db2.example.com"])
        let roots = "&sslrootcert=\(authority.certificate)"
        let full = try await PostgresHarness.probe(
            server.target("scram", "pw", query: "?sslmode=verify-full\(roots)"))
        #expect(full.verdict == "tls_cert_name_mismatch in tls")
        let chain = try await PostgresHarness.probe(
            server.target("scram", "pw", query: "?sslmode=verify-ca\(roots)"))
        #expect(chain.verdict == "pass")
    }

    @Test("refuses an expired certificate, but only if it is to check it")
    func expired() async throws {
        let authority = try await TestAuthority()
        let server = try await server(
            authority, names: ["127.0.0.1"], validity: ("20200101000000Z", "20200201000000Z"))
        let roots = "&sslrootcert=\(authority.certificate)"
        for mode in ["verify-ca", "verify-full"] {
            let result = try await PostgresHarness.probe(
                server.target("scram", "pw", query: "?sslmode=\(mode)\(roots)"))
            #expect(result.verdict == "tls_cert_expired in tls")
        }
        let unverified = try await PostgresHarness.probe(
            server.target("scram", "pw", query: "?sslmode=require"))
        #expect(unverified.verdict == "pass")
        guard case .number(let days) = unverified.facts[.certificateDaysLeft] else {
            Issue.record("no days left among \(unverified.facts)")
            return
        }
        #expect(days < -2_000)
    }
}
