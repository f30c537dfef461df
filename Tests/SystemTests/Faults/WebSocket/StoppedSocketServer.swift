import Testing
import VitalsCore
import VitalsTesting

extension WebSocketFaults {
    @Test("a server that is stopped")
    func stoppedSocketServer() async throws {
        let server = try await WebSocketServer()
        let next = Box<WebSocketServer>()
        let page = FaultPage(
            check: Self.check(server.port), isDatabase: false,
            expected: ExpectedFault(
                verdict: "refused in connect (ECONNREFUSED)", causeClass: .target, state: "unhealthy",
                says: "connection refused"),
            breaking: { await server.server.stop() },
            mending: { next.value = try await WebSocketServer(port: server.port) })
        try await page.turn()
    }
}
