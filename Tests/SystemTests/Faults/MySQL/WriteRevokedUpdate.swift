import Testing
import VitalsCore
import VitalsTesting

extension WriteFaults {
    @Test("the right to update is taken away")
    func writeRevokedUpdate() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "privilege in write (1142)", causeClass: .config, state: "unhealthy",
                says: "`vitals provision` prints the grants"),
            breaking: { try await place.sql("REVOKE UPDATE ON \(place.table) FROM \(place.name)") },
            mending: { try await place.sql("GRANT UPDATE ON \(place.table) TO \(place.name)") })
        try await page.turn()
    }
}
