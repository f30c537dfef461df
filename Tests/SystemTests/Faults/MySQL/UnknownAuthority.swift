import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a certificate of an authority that we do not trust")
    func unknownAuthority() async throws {
        let place = try await Self.place()
        let other = try await TestAuthority()
        let query = "?ssl-mode=verify-full&ssl-ca=\(other.certificate)"
        let page = FaultPage(
            check: "mysql: \"\(place.dsn(query))\"", isWellBefore: false,
            expected: ExpectedFault(
                verdict: "tls_cert_untrusted in tls", causeClass: .config, state: "unknown",
                says: "certificate"))
        try await page.turn()
    }
}
