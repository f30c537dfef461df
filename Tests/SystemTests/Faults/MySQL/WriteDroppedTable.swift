import Testing
import VitalsCore
import VitalsTesting

extension WriteFaults {
    @Test("the table of the write probe is dropped")
    func writeDroppedTable() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "not_provisioned in write (1146)", causeClass: .config, state: "unhealthy",
                says: "there is no table \(place.table) to write to: `vitals provision`"),
            breaking: {
                try await place.sql("GRANT SELECT, INSERT, UPDATE ON \(place.name).* TO \(place.name)")
                try await place.sql("RENAME TABLE \(place.table) TO \(place.name).gone")
            },
            mending: { try await place.sql("RENAME TABLE \(place.name).gone TO \(place.table)") })
        try await page.turn()
    }
}
