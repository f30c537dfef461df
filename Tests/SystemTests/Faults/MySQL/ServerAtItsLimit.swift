import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a server without a place for anybody")
    func serverAtItsLimit() async throws {
        let server = try await MariaDBServer(settings: ["max-connections": "10"])
        try await server.start()
        let place = try await MySQLPlace(on: server)
        let sessions = Box<[ChildProcess]>()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "too_many_connections in authenticate (1040)", causeClass: .target,
                state: "unhealthy", says: "Too many connections"),
            breaking: { sessions.value = try await place.occupy(10) },
            mending: { try await place.release() })
        try await page.turn()
    }
}
