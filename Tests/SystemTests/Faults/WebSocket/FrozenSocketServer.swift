import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension WebSocketFaults {
    @Test("a server that is frozen")
    func frozenSocketServer() async throws {
        let server = try await WebSocketServer()
        let page = FaultPage(
            check: Self.check(server.port), isDatabase: false,
            expected: ExpectedFault(
                verdict: "timeout in first_byte", causeClass: .target, state: "unhealthy",
                says: "no answer from 127.0.0.1"),
            breaking: { server.server.process.signal(SIGSTOP) },
            mending: { server.server.process.signal(SIGCONT) })
        try await page.turn()
    }
}
