import Testing
import VitalsCore

extension PostgresFaults {
    @Test("a table of the write probe that was dropped")
    func droppedTable() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "not_provisioned in write", causeClass: .config, state: "unhealthy",
                says: "`vitals provision`"),
            breaking: { try await place.sql("ALTER TABLE vitals.heartbeat RENAME TO away") },
            mending: { try await place.sql("ALTER TABLE vitals.away RENAME TO heartbeat") })
        try await page.turn()
    }
}
