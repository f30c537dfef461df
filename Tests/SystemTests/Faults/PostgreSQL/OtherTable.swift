import Testing
import VitalsCore

extension PostgresFaults {
    @Test("a table of another shape")
    func otherTable() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "not_provisioned in write (42703)", causeClass: .config, state: "unhealthy",
                says: "is not as `vitals provision` makes it"),
            breaking: { try await place.sql("ALTER TABLE vitals.heartbeat RENAME token TO words") },
            mending: { try await place.sql("ALTER TABLE vitals.heartbeat RENAME words TO token") })
        try await page.turn()
    }
}
