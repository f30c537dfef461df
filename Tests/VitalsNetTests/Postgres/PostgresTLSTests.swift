import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

/// A certificate authority of a test's own.
private struct Authority {
    let directory: TemporaryDirectory

    static let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]

    init() async throws {
        directory = try TemporaryDirectory("vitals-authority")
        try await run(
            [
                "openssl", "req", "-x509", "-keyout", "ca.key", "-out", "ca.crt", "-days", "30", "-subj",
                "/CN=Test CA",
            ]
                + Self.key, in: directory)
    }

    var file: String { directory.file("ca.crt") }

    /// Puts `server.key` and `server.crt` into the folder of a cluster.
    func certify(_ server: PostgresServer, names: String, days: Int = 30) async throws {
        try directory.write("names", "subjectAltName=\(names)")
        try await run(
            [
                "openssl", "req", "-new", "-keyout", "server.key", "-out", "server.csr", "-subj",
                "/CN=db1/O=Test",
            ]
                + Self.key, in: directory)
        try await run(
            [
                "openssl", "x509", "-req", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key",
                "-CAcreateserial", "-days", "\(days)", "-extfile", "names", "-out", "server.crt",
            ], in: directory)
        try server.directory.write("data/server.key", directory.read("server.key"), mode: 0o600)
        try server.directory.write("data/server.crt", directory.read("server.crt"), mode: 0o600)
    }
}

@Suite("The PostgreSQL probe over TLS", .serialized)
struct PostgresTLSTests {
    private static let access = """
        local all all trust
        hostssl all plain 127.0.0.1/32 password
        hostssl all all 127.0.0.1/32 scram-sha-256
        """

    private func server(_ authority: Authority, names: String, days: Int = 30) async throws -> PostgresServer
    {
        let server = try await PostgresServer(settings: ["ssl": "on"], access: Self.access)
        try await authority.certify(server, names: names, days: days)
        try await server.start()
        try await server.sql("CREATE ROLE scram LOGIN PASSWORD 'pw'; CREATE ROLE plain LOGIN PASSWORD 'pw'")
        return server
    }

    @Test("verifies chain and name, and tells what it found")
    func verified() async throws {
        let authority = try await Authority()
        let server = try await server(authority, names: "DNS:localhost,DNS:db1.example.com,IP:127.0.0.1")
        for mode in ["require", "verify-ca", "verify-full"] {
            let roots = mode == "require" ? "" : "&sslrootcert=\(authority.file)"
            let result = try await PostgresHarness.probe(
                server.target("scram", "pw", query: "?sslmode=\(mode)\(roots)"))
            #expect(result.verdict == "pass", "\(result)")
            #expect(result.phases.map(\.phase) == [.connect, .tls, .authenticate, .session, .read])
            #expect(result.facts[.tlsProtocol] == .text("TLSv1.3"))
            #expect(result.facts[.certificateSubject] == .text("O=Test,CN=db1"))
            #expect(result.facts[.certificateNames] == .list(["localhost", "db1.example.com", "127.0.0.1"]))
            #expect([.number(29), .number(30)].contains(result.facts[.certificateDaysLeft]))
        }
        let clear = try await PostgresHarness.probe(server.target("plain", "pw", query: "?sslmode=require"))
        #expect(clear.verdict == "pass")

        let bare = try await PostgresHarness.probe(server.target("scram", "pw", query: "?sslmode=disable"))
        #expect(bare.verdict == "host_blocked in authenticate (28000)")
        #expect(bare.fault?.message.contains("sslmode=require") == true)

        let other = try await Authority()
        let untrusted = try await PostgresHarness.probe(
            server.target("scram", "pw", query: "?sslmode=verify-ca&sslrootcert=\(other.file)"))
        #expect(untrusted.verdict == "tls_cert_untrusted in tls")
        let missing = try await PostgresHarness.probe(
            server.target("scram", "pw", query: "?sslmode=verify-ca&sslrootcert=/nowhere.pem"))
        #expect(missing.fault?.cause == .badConfiguration, "\(missing)")

        #expect(!server.log.contains("unexpected EOF"))
        #expect(!server.log.contains("could not send data"))
    }

    @Test("refuses the certificate of another host, but only if it is to check the name")
    func wrongName() async throws {
        let authority = try await Authority()
        let server = try await server(authority, names: "DNS:db2.example.com")
        let roots = "&sslrootcert=\(authority.file)"
        let full = try await PostgresHarness.probe(
            server.target("scram", "pw", query: "?sslmode=verify-full\(roots)"))
        #expect(full.verdict == "tls_cert_name_mismatch in tls")
        let chain = try await PostgresHarness.probe(
            server.target("scram", "pw", query: "?sslmode=verify-ca\(roots)"))
        #expect(chain.verdict == "pass")
    }

    @Test("refuses an expired certificate, but only if it is to check it")
    func expired() async throws {
        let authority = try await Authority()
        let server = try await server(authority, names: "IP:127.0.0.1", days: -1)
        let roots = "&sslrootcert=\(authority.file)"
        for mode in ["verify-ca", "verify-full"] {
            let result = try await PostgresHarness.probe(
                server.target("scram", "pw", query: "?sslmode=\(mode)\(roots)"))
            #expect(result.verdict == "tls_cert_expired in tls")
        }
        let unverified = try await PostgresHarness.probe(
            server.target("scram", "pw", query: "?sslmode=require"))
        #expect(unverified.verdict == "pass")
        #expect([.number(-1), .number(-2)].contains(unverified.facts[.certificateDaysLeft]))
    }
}
