import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("a server that is stopped")
    func stoppedServer() async throws {
        let server = try await PostgresServer(access: PostgresServer.passwords)
        try await server.start()
        let place = try await FaultPlace(on: server)
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "refused in connect (ECONNREFUSED)", causeClass: .target, state: "unhealthy",
                says: "connection refused"),
            breaking: { try await server.stop() }, mending: { try await server.start() })
        try await page.turn()
    }
}
