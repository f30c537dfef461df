import Testing
import VitalsCore

extension PostgresFaults {
    @Test("a port that takes the connection and says nothing")
    func silentPort() async throws {
        let target = try TCPTarget()
        defer { target.close() }
        let page = FaultPage(
            check: "postgres: \"postgres://a:s3cr3t@127.0.0.1:\(target.port)/a\"", isWellBefore: false,
            expected: ExpectedFault(
                verdict: "timeout in authenticate", causeClass: .target, state: "unhealthy",
                says: "no answer from 127.0.0.1"))
        try await page.turn()
    }
}
