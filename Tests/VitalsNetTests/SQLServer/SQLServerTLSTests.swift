import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

@Suite("The SQL Server probe, by TLS,")
struct SQLServerTLSTests {
    private func peer(
        _ encryption: String? = nil, names: [String] = ["127.0.0.1"]
    ) async throws -> (peer: SQLServerPeer, authority: TestAuthority) {
        let authority = try await TestAuthority()
        let identity = try await authority.issue(for: names)
        let behaviour = encryption.map { "{\"encryption\": \"\($0)\"}" } ?? "{}"
        return (try await SQLServerPeer(identity, behaviour: behaviour), authority)
    }

    @Test("encrypts as much as the target says", arguments: ["true", "false"])
    func encrypts(mode: String) async throws {
        let (peer, _) = try await peer()
        let query = "?database=shop&encrypt=\(mode)" + (mode == "true" ? "&TrustServerCertificate=true" : "")
        let result = try await SQLServerHarness.probe(peer.target(query))
        #expect(result.verdict == "pass")
        #expect(result.facts[.tlsProtocol] == .text("TLSv1.2"))
        #expect(result.phases.map(\.phase).contains(.tls))
        #expect(peer.heard.first == "login monitor to shop in 74000004 by TLS")
        #expect(peer.heard.last == "batch SELECT 1")
    }

    @Test("encrypts all of it where the server demands that")
    func demanded() async throws {
        let (peer, _) = try await peer("required")
        let result = try await SQLServerHarness.probe(peer.target("?encrypt=false"))
        #expect(result.verdict == "pass")
        let bare = try await SQLServerHarness.probe(peer.target("?encrypt=disable"))
        #expect(bare.verdict == "tls_unsupported in tls")
        #expect(bare.fault?.message.contains("demands TLS") == true)
    }

    @Test("sends no password to a server that has none", arguments: ["true", "false"])
    func none(mode: String) async throws {
        let peer = try await SQLServerPeer()
        let result = try await SQLServerHarness.probe(peer.target("?encrypt=\(mode)"))
        #expect(result.verdict == "tls_unsupported in tls")
        #expect(peer.heard.isEmpty)
    }

    @Test("verifies the certificate and its name, unless it is told not to")
    func verified() async throws {
        let (peer, authority) = try await peer()
        let good = "?encrypt=true&certificate=\(authority.certificate)"
        #expect(try await SQLServerHarness.probe(peer.target(good)).verdict == "pass")
        let unknown = try await SQLServerHarness.probe(peer.target("?encrypt=true"))
        #expect(unknown.verdict == "tls_cert_untrusted in tls")
        let other = try await SQLServerHarness.probe(
            peer.target(good + "&hostNameInCertificate=db1.example.com"))
        #expect(other.verdict == "tls_cert_name_mismatch in tls")
    }

    @Test("begins with TLS where the target says so, and speaks TDS 8.0 in it")
    func strict() async throws {
        let (peer, authority) = try await peer("strict")
        let query = "?database=shop&encrypt=strict&certificate=\(authority.certificate)"
        let result = try await SQLServerHarness.probe(peer.target(query))
        #expect(result.verdict == "pass")
        #expect(result.facts[.tlsProtocol] == .text("TLSv1.3"))
        #expect(peer.heard.first == "login monitor to shop in 8000000 by TLS")
    }

    @Test("ends when the server goes away in the middle of the handshake")
    func cut() async throws {
        // A first answer that offers TLS, and then nothing more.
        let answer = "0401001A00000100" + "00000B0006" + "0100110001" + "FF" + "100010090000" + "01"
        let peer = try await SQLServerPeer(behaviour: "{\"greeting\": \"\(answer)\"}")
        let result = try await SQLServerHarness.probe(
            peer.target("?encrypt=true&trustservercertificate=true"))
        #expect(result.verdict == "tls_handshake in tls")
    }
}
