import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a certificate for another name")
    func otherHostsCertificate() async throws {
        let place = try await Self.place()
        let query = "?ssl-mode=verify-full&ssl-ca=\(try Self.authority().certificate)"
        let page = FaultPage(
            check: "mysql: \"\(place.dsn(query, host: "localhost"))\"", isWellBefore: false,
            expected: ExpectedFault(
                verdict: "tls_cert_name_mismatch in tls", causeClass: .config, state: "unknown",
                says: "127.0.0.1"))
        try await page.turn()
    }
}
