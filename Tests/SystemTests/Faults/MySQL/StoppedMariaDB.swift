import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a server that is stopped")
    func stoppedMariaDB() async throws {
        let server = try await MariaDBServer()
        try await server.start()
        let place = try await MySQLPlace(on: server)
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "refused in connect (ECONNREFUSED)", causeClass: .target, state: "unhealthy",
                says: "connection refused"),
            breaking: { try await server.stop() }, mending: { try await server.start() })
        try await page.turn()
    }
}
