import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a PostgreSQL server on the port, which waits for us to speak first, too")
    func postgreSQLForMySQL() async throws {
        let server = try await PostgresServer()
        try await server.start()
        let page = FaultPage(
            check: "mysql: \"mysql://a:s3cr3t@127.0.0.1:\(server.port)/a\"", isWellBefore: false,
            expected: ExpectedFault(
                verdict: "timeout in greeting", causeClass: .target, state: "unhealthy",
                says: "no answer from 127.0.0.1"))
        try await page.turn()
    }
}
