import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

@Suite("The MySQL probe over TLS", .serialized)
struct MySQLTLSTests {
    /// What a server needs, kept as long as it runs.
    private struct Secured {
        let server: MariaDBServer
        let identity: TestAuthority.Identity
    }

    private func secured(
        _ authority: TestAuthority, names: [String], validity: (from: String, to: String)? = nil
    ) async throws -> Secured {
        let identity = try await authority.issue(for: names, subject: "/O=Test/CN=db1", validity: validity)
        let server = try await MariaDBServer(settings: [
            "ssl-cert": identity.certificate, "ssl-key": identity.key, "ssl-ca": authority.certificate,
        ])
        try await server.start()
        try await server.sql(
            """
            CREATE USER tls IDENTIFIED BY 'pw' REQUIRE SSL; CREATE USER plain IDENTIFIED BY 'pw';
            CREATE USER client IDENTIFIED BY 'pw' REQUIRE X509;
            """)
        return Secured(server: server, identity: identity)
    }

    @Test("verifies chain and name, and tells what it found")
    func verified() async throws {
        let authority = try await TestAuthority()
        let secured = try await secured(authority, names: ["localhost", "db1.example.com", "127.0.0.1"])
        let server = secured.server
        for mode in ["require", "verify-ca", "verify-full"] {
            let roots = mode == "require" ? "" : "&ssl-ca=\(authority.certificate)"
            let result = try await MySQLHarness.probe(
                server.target("tls", "pw", query: "?ssl-mode=\(mode)\(roots)"))
            #expect(result.verdict == "pass", "\(result)")
            #expect(
                result.phases.map(\.phase) == [.connect, .greeting, .tls, .authenticate, .session, .read])
            #expect(result.facts[.tlsProtocol] == .text("TLSv1.3"))
            #expect(result.facts[.certificateSubject] == .text("CN=db1,O=Test"))
            #expect(result.facts[.certificateNames] == .list(["localhost", "db1.example.com", "127.0.0.1"]))
        }
        let own = "&ssl-cert=\(secured.identity.certificate)&ssl-key=\(secured.identity.key)"
        let known = try await MySQLHarness.probe(
            server.target("client", "pw", query: "?ssl-mode=require\(own)"))
        #expect(known.verdict == "pass", "\(known)")
        let unknown = try await MySQLHarness.probe(server.target("client", "pw", query: "?ssl-mode=require"))
        #expect(unknown.verdict == "auth_failed in authenticate (1045)")

        let bare = try await MySQLHarness.probe(server.target("tls", "pw", query: "?ssl-mode=disable"))
        #expect(bare.verdict == "auth_failed in authenticate (1045)")
        #expect(bare.fault?.message.contains("ssl-mode=require") == true)

        let other = try await TestAuthority()
        let untrusted = try await MySQLHarness.probe(
            server.target("tls", "pw", query: "?ssl-mode=verify-ca&ssl-ca=\(other.certificate)"))
        #expect(untrusted.verdict == "tls_cert_untrusted in tls")
        let missing = try await MySQLHarness.probe(
            server.target("tls", "pw", query: "?ssl-mode=verify-ca&ssl-ca=/nowhere.pem"))
        #expect(missing.fault?.cause == .badConfiguration, "\(missing)")
    }

    @Test("refuses the certificate of another host, but only if it is to check the name")
    func wrongName() async throws {
        let authority = try await TestAuthority()
        let server = try await secured(authority, names: ["db2.example.com"]).server
        let roots = "&ssl-ca=\(authority.certificate)"
        let full = try await MySQLHarness.probe(
            server.target("tls", "pw", query: "?ssl-mode=verify-full\(roots)"))
        #expect(full.verdict == "tls_cert_name_mismatch in tls")
        let chain = try await MySQLHarness.probe(
            server.target("tls", "pw", query: "?ssl-mode=verify-ca\(roots)"))
        #expect(chain.verdict == "pass")
    }

    @Test("refuses an expired certificate, but only if it is to check it")
    func expired() async throws {
        let authority = try await TestAuthority()
        let server = try await secured(
            authority, names: ["127.0.0.1"], validity: ("20200101000000Z", "20200201000000Z")
        ).server
        let roots = "&ssl-ca=\(authority.certificate)"
        for mode in ["verify-ca", "verify-full"] {
            let result = try await MySQLHarness.probe(
                server.target("tls", "pw", query: "?ssl-mode=\(mode)\(roots)"))
            #expect(result.verdict == "tls_cert_expired in tls")
        }
        let unverified = try await MySQLHarness.probe(
            server.target("tls", "pw", query: "?ssl-mode=require"))
        #expect(unverified.verdict == "pass")
    }

    @Test("leaves nothing behind, and has a held query given up by the same TLS")
    func politeClose() async throws {
        let authority = try await TestAuthority()
        let server = try await secured(authority, names: ["127.0.0.1"]).server
        let target = server.target(
            "tls", "pw", query: "?ssl-mode=verify-full&ssl-ca=\(authority.certificate)")
        let before = try await server.status("Aborted_clients")
        for _ in 0..<10 { #expect(try await MySQLHarness.probe(target).verdict == "pass") }
        try await eventually(that: "no session is left") {
            try await server.sql("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'tls'")
                == "0"
        }
        #expect(try await server.status("Aborted_clients") == before)

        let sleep = MySQLStatement(text: "SELECT SLEEP(600)", phase: .read) { _, _ in .goOn() }
        let held = try await MySQLHarness.run(target, timeout: .seconds(1)) { _ in [sleep] }
        #expect(held.verdict == "timeout in read")
        try await eventually(that: "the query is given up") {
            try await server.sql("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'tls'")
                == "0"
        }
        #expect(try await server.status("Com_kill") == 1)
    }
}
