import Testing
import VitalsCore

extension MySQLFaults {
    @Test("a web server on the port, which waits for us to speak first, as we wait for it")
    func webServerForMySQL() async throws {
        let target = try HTTPTarget()
        defer { target.close() }
        let page = FaultPage(
            check: "mysql: \"mysql://a:s3cr3t@127.0.0.1:\(target.port)/a\"", isWellBefore: false,
            expected: ExpectedFault(
                verdict: "timeout in greeting", causeClass: .target, state: "unhealthy",
                says: "no answer from 127.0.0.1"))
        try await page.turn()
    }
}
