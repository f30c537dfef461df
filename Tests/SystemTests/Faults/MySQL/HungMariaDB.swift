import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a server that hangs")
    func hungMariaDB() async throws {
        let server = try await MariaDBServer()
        try await server.start()
        let place = try await MySQLPlace(on: server)
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "timeout in greeting", causeClass: .target, state: "unhealthy",
                says: "no answer from 127.0.0.1"),
            breaking: { server.signal(SIGSTOP) }, mending: { server.signal(SIGCONT) })
        try await page.turn()
    }
}
