import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a server that ends every session because its init_connect fails")
    func failingInitConnect() async throws {
        let server = try await MariaDBServer()
        try await server.start()
        let place = try await MySQLPlace(on: server)
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "reset in session (1184)", causeClass: .target, state: "unhealthy",
                says: "(init_connect command failed)"),
            breaking: { try await server.sql("SET GLOBAL init_connect = 'SELECT 1 FROM nowhere.t'") },
            mending: { try await server.sql("SET GLOBAL init_connect = ''") })
        try await page.turn()
    }
}
