import Testing
import VitalsCore
import VitalsTesting

extension SQLServerFaults {
    @Test("a certificate of an authority that nobody knows")
    func unknownIssuer() async throws {
        let identity = try await TestAuthority().issue(for: ["127.0.0.1"])
        let peer = try await SQLServerPeer(identity)
        let page = FaultPage(
            check: Self.reading(peer, "?database=shop&encrypt=true"), isWellBefore: false,
            expected: ExpectedFault(
                verdict: "tls_cert_untrusted in tls", causeClass: .config, state: "unknown",
                says: "no trusted authority"))
        try await page.turn()
        await peer.stop()
    }
}
