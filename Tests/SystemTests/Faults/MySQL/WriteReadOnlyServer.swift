import Testing
import VitalsCore
import VitalsTesting

extension WriteFaults {
    @Test("a server that follows nobody and takes no writes")
    func writeReadOnlyServer() async throws {
        let server = try await MariaDBServer()
        try await server.start()
        let place = try await WritePlace(on: server)
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "read_only in write", causeClass: .partial, state: "degraded",
                says: "the server takes nothing that is written (read_only is on)"),
            breaking: { try await place.sql("SET GLOBAL read_only = 1") },
            mending: { try await place.sql("SET GLOBAL read_only = 0") })
        try await page.turn()
    }
}
