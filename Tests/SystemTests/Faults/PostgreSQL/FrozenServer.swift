import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("a server that hangs")
    func frozenServer() async throws {
        let server = try await PostgresServer(access: PostgresServer.passwords)
        try await server.start()
        let place = try await FaultPlace(on: server)
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "timeout in authenticate", causeClass: .target, state: "unhealthy",
                says: "no answer from 127.0.0.1"),
            breaking: { server.signal(SIGSTOP) }, mending: { server.signal(SIGCONT) })
        try await page.turn()
    }
}
