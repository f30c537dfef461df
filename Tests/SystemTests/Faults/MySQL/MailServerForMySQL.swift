import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a mail server on the port")
    func mailServerForMySQL() async throws {
        let target = try await MailServer()
        let page = FaultPage(
            check: "mysql: \"mysql://a:s3cr3t@127.0.0.1:\(target.port)/a\"", isWellBefore: false,
            expected: ExpectedFault(
                verdict: "protocol_mismatch in greeting", causeClass: .config, state: "unknown",
                says: "not a MySQL server: this is an SMTP or FTP server"))
        try await page.turn()
    }
}
