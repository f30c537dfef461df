import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a port that nobody listens on")
    func nothingListens() async throws {
        let port = try RefusingPort()
        let page = FaultPage(
            check: "mysql: \"mysql://a:s3cr3t@127.0.0.1:\(port.number)/a\"", isWellBefore: false,
            expected: ExpectedFault(
                verdict: "refused in connect (ECONNREFUSED)", causeClass: .target, state: "unhealthy",
                says: "connection refused"))
        try await page.turn()
    }
}
