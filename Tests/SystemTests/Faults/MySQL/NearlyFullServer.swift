import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a server with few places left")
    func nearlyFullServer() async throws {
        let server = try await MariaDBServer(settings: ["max-connections": "20"])
        try await server.start()
        let place = try await MySQLPlace(on: server)
        let sessions = Box<[ChildProcess]>()
        let page = FaultPage(
            check: place.measuring("{ name: connections_used_percent, every: 1s }"),
            expected: ExpectedFault(
                verdict: "vital in vitals (connections_used_percent)", causeClass: .partial,
                state: "degraded", says: "connections_used_percent (connections in use, of those that users"),
            breaking: { sessions.value = try await place.occupy(16) },
            mending: { try await place.release() })
        try await page.turn()
    }
}
