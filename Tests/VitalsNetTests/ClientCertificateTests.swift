import FoundationEssentials
import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

/// Who we are, shown to a real server that wants to know.
@Suite struct ClientCertificateTests {
    private let authority: TestAuthority
    private let ours: TestAuthority.Identity
    private let nginx: Nginx
    private let network: TestNetwork

    init() async throws {
        authority = try await TestAuthority()
        ours = try await authority.issue(for: [], subject: "/CN=vitals")
        nginx = try await Nginx(
            [try await authority.issue(for: ["localhost"])],
            directives: "ssl_client_certificate \(authority.certificate); ssl_verify_client on;")
        network = try TestNetwork()
    }

    private func run(_ identity: TLSIdentity?, authorities: String? = nil) async throws -> ProbeResult {
        let tls = TLSSettings(
            .verifyFull, authorities: authorities ?? authority.certificate, identity: identity)
        return await network.run(try network.http("https://localhost:\(nginx.securePorts[0])/", tls: tls))
    }

    @Test func withoutOneTheServerRefuses() async throws {
        #expect(try await run(nil).fault?.message == "answered 400")
    }

    @Test func asFilesAndAsTextItIsTaken() async throws {
        let files = TLSIdentity(certificate: PEMSource(ours.certificate), key: PEMSource(ours.key))
        #expect(try await run(files).fault == nil)
        let texts = TLSIdentity(
            certificate: PEMSource(try read(ours.certificate)), key: PEMSource(try read(ours.key)))
        #expect(try await run(texts, authorities: try read(authority.certificate)).fault == nil)
    }

    @Test func oneOfAnotherAuthorityIsRefused() async throws {
        let stranger = try await TestAuthority().issue(for: [], subject: "/CN=stranger")
        let identity = TLSIdentity(
            certificate: PEMSource(stranger.certificate), key: PEMSource(stranger.key))
        #expect(try await run(identity).fault?.message == "answered 400")
    }

    @Test func whatCannotBeReadIsOurMistake() async throws {
        let other = try await authority.issue(for: [], subject: "/CN=other")
        let key = try read(ours.key)
        let broken = key.replacing("M", with: "*")
        let cases: [(TLSIdentity, String)] = [
            (
                TLSIdentity(certificate: .file("/nowhere/vitals.pem"), key: .file(ours.key)),
                "cannot read the client certificate in /nowhere/vitals.pem"
            ),
            (
                TLSIdentity(certificate: .file(ours.certificate), key: .file(ours.certificate)),
                "cannot read the client certificate's key in \(ours.certificate)"
            ),
            (
                TLSIdentity(certificate: .file(ours.certificate), key: .text(broken)),
                "cannot read the client certificate's key in the settings"
            ),
            (
                TLSIdentity(certificate: .file(other.certificate), key: .text(key)),
                "the key in the settings is not that of the client certificate in \(other.certificate)"
            ),
        ]
        for (identity, message) in cases {
            let fault = try await run(identity).fault
            #expect(fault?.cause == .badConfiguration)
            #expect(fault?.message == message)
        }
    }

    private func read(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }
}
