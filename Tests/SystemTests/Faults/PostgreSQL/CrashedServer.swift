import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("a server that lost its processes at once")
    func crashedServer() async throws {
        let server = try await PostgresServer(access: PostgresServer.passwords)
        try await server.start()
        let place = try await FaultPlace(on: server)
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "refused in connect (ECONNREFUSED)", causeClass: .target, state: "unhealthy",
                says: "connection refused"),
            breaking: { try await server.stop(SIGQUIT) }, mending: { try await server.start() })
        try await page.turn()
    }
}
