import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("a mail server on the port")
    func wrongProtocol() async throws {
        let target = try await MailServer()
        let page = FaultPage(
            check: "postgres: \"postgres://a:s3cr3t@127.0.0.1:\(target.port)/a\"", isWellBefore: false,
            expected: ExpectedFault(
                verdict: "protocol_mismatch in authenticate", causeClass: .config, state: "unknown",
                says: "not a PostgreSQL server: this is an SMTP or FTP server"))
        try await page.turn()
    }
}
