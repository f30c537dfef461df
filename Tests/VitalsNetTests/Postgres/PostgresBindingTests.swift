import NIOCore
import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

/// Logins tied to the server's certificate, and certificates in the place of passwords.
@Suite("The PostgreSQL probe's login over TLS", .serialized)
struct PostgresBindingTests {
    private static let access = """
        local all all trust
        hostssl all certified 127.0.0.1/32 cert
        hostssl all twice 127.0.0.1/32 scram-sha-256 clientcert=verify-ca
        hostssl all open 127.0.0.1/32 trust
        hostssl all all 127.0.0.1/32 scram-sha-256
        """

    private func server(
        settings: [String: String] = [:], _ prepare: (PostgresServer) async throws -> Void
    ) async throws -> PostgresServer {
        let tls = ["ssl": "on", "ssl_cert_file": "server.crt", "ssl_key_file": "server.key"]
        let server = try await PostgresServer(settings: tls.merging(settings) { $1 }, access: Self.access)
        try await prepare(server)
        try await server.start()
        try await server.sql(
            """
            CREATE ROLE scram LOGIN PASSWORD 'pw'; CREATE ROLE twice LOGIN PASSWORD 'pw';
            CREATE ROLE certified LOGIN; CREATE ROLE open LOGIN
            """)
        return server
    }

    @Test(
        "is bound to certificates of every kind that a digest is defined for",
        arguments: [
            (["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "sha256"),
            (["ec", "-pkeyopt", "ec_paramgen_curve:P-384"], "sha384"),
            (["rsa:2048"], "sha1"), (["rsa:2048"], "sha512"),
        ] as [([String], String)])
    func bound(key: [String], digest: String) async throws {
        let server = try await server { server in
            try await run(
                ["openssl", "req", "-x509", "-newkey"] + key
                    + ["-\(digest)", "-nodes", "-subj", "/CN=db", "-days", "5"]
                    + ["-keyout", "data/server.key", "-out", "data/server.crt"], in: server.directory)
            try await run(["chmod", "600", "data/server.key"], in: server.directory)
        }
        for wish in ["require", "prefer", "disable"] {
            let query = "?sslmode=require&channel_binding=\(wish)"
            let result = try await PostgresHarness.probe(server.target("scram", "pw", query: query))
            #expect(result.verdict == "pass", "\(wish): \(result)")
        }
        let wrong = try await PostgresHarness.probe(server.target("scram", "no", query: "?sslmode=require"))
        #expect(wrong.verdict == "auth_failed in authenticate (28P01)")
        let trusted = try await PostgresHarness.probe(
            server.target("open", "pw", query: "?sslmode=require&channel_binding=require"))
        #expect(trusted.verdict == "auth_failed in authenticate")
    }

    @Test("comes to nothing when somebody in the middle tampers with it")
    func tampered() async throws {
        let authority = try await TestAuthority()
        let identity = try await authority.issue(for: ["127.0.0.1"])
        let server = try await server { try await $0.use(identity) }
        let target = server.target("scram", "pw", query: "?sslmode=require")
        let stripped = try await PostgresHarness.run(target) { Stripping(inner: $0) }
        #expect(stripped.verdict == "auth_failed in authenticate (28000)", "\(stripped)")
        let other = try await PostgresHarness.run(target) { OtherCertificate(inner: $0) }
        #expect(other.verdict == "auth_failed in authenticate (28000)", "\(other)")
        #expect(other.fault?.message.contains("channel_binding=disable") == true)
    }

    @Test("shows a client certificate to a server that asks for one")
    func clientCertificate() async throws {
        let authority = try await TestAuthority()
        let identity = try await authority.issue(for: ["127.0.0.1"])
        let server = try await server(settings: ["ssl_ca_file": "ca.crt"]) { server in
            try await server.use(identity)
            try await run(["cp", authority.certificate, "data/ca.crt"], in: server.directory)
        }
        let ours = try await authority.issue(for: [], subject: "/CN=certified")
        let other = try await authority.issue(for: [], subject: "/CN=other")
        let stranger = try await TestAuthority().issue(for: [], subject: "/CN=certified")
        func verdict(_ user: String, _ client: TestAuthority.Identity?) async throws -> ProbeResult {
            let parameters = client.map { "&sslcert=\($0.certificate)&sslkey=\($0.key)" } ?? ""
            return try await PostgresHarness.probe(
                server.target(user, "pw", query: "?sslmode=require\(parameters)"))
        }
        #expect(try await verdict("certified", ours).verdict == "pass")
        #expect(try await verdict("twice", other).verdict == "pass")
        #expect(try await verdict("scram", ours).verdict == "pass")
        let without = try await verdict("certified", nil)
        #expect(without.verdict == "auth_failed in authenticate (28000)", "\(without)")
        #expect(without.fault?.message.contains("sslcert") == true)
        let wrong = try await verdict("certified", other)
        #expect(wrong.verdict == "auth_failed in authenticate (28000)", "\(wrong)")
        let unknown = try await verdict("certified", stranger)
        #expect(unknown.fault?.cause == .authFailed, "\(unknown)")
        #expect(unknown.fault?.message.contains("does not accept our client certificate") == true)
        let missing = try await PostgresHarness.probe(
            server.target("certified", query: "?sslmode=require&sslcert=/nowhere.pem&sslkey=/nowhere.key"))
        #expect(missing.fault?.cause == .badConfiguration, "\(missing)")
    }
}

/// Takes the stronger mechanism out of what the server offers.
private struct Stripping: ProbeDialogue, Sendable {
    var inner: PostgresDialogue
    private var isDone = false

    init(inner: PostgresDialogue) {
        self.inner = inner
    }

    mutating func met(_ peer: TLSPeer) { inner.met(peer) }
    mutating func opened() -> [ProbeStep] { inner.opened() }
    mutating func secured() -> [ProbeStep] { inner.secured() }
    mutating func computed(_ value: any Sendable) -> [ProbeStep] { inner.computed(value) }

    mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] {
        let offer = ServerBytes.sasl("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256")
        if !isDone, Array(input.readableBytesView) == offer {
            isDone = true
            input = ByteBuffer(bytes: ServerBytes.sasl("SCRAM-SHA-256"))
        }
        return inner.received(&input)
    }
}

/// Met a server with another certificate than the one that the login goes to.
private struct OtherCertificate: ProbeDialogue, Sendable {
    var inner: PostgresDialogue

    mutating func met(_ peer: TLSPeer) {
        inner.met(peer)
        inner.endPointHash = inner.endPointHash.map { $0.map { ~$0 } }
    }

    mutating func opened() -> [ProbeStep] { inner.opened() }
    mutating func secured() -> [ProbeStep] { inner.secured() }
    mutating func computed(_ value: any Sendable) -> [ProbeStep] { inner.computed(value) }
    mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] { inner.received(&input) }
}
