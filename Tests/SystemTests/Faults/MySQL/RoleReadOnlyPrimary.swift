import Testing
import VitalsCore
import VitalsTesting

extension WriteFaults {
    @Test("a primary that became read-only")
    func roleReadOnlyPrimary() async throws {
        let server = try await MariaDBServer()
        try await server.start()
        let place = try await WritePlace(on: server)
        let page = FaultPage(
            check: place.checking("role: primary"),
            expected: ExpectedFault(
                verdict: "role_mismatch in session", causeClass: .target, state: "unhealthy",
                says: "a primary was expected, and this is a primary that is read-only"),
            breaking: { try await place.sql("SET GLOBAL read_only = 1") },
            mending: { try await place.sql("SET GLOBAL read_only = 0") })
        try await page.turn()
    }
}
