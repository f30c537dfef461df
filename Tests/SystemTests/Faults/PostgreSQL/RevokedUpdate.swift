import Testing
import VitalsCore

extension PostgresFaults {
    @Test("a right to write that was taken away")
    func revokedUpdate() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "privilege in write (42501)", causeClass: .config, state: "unhealthy",
                says: "permission denied for table heartbeat"),
            breaking: { try await place.sql("REVOKE UPDATE ON vitals.heartbeat FROM \(place.name)") },
            mending: { try await place.sql("GRANT UPDATE ON vitals.heartbeat TO \(place.name)") })
        try await page.turn()
    }
}
