import Testing
import VitalsCore
import VitalsTesting

extension WriteFaults {
    @Test("a trigger that writes something else than was asked for")
    func writeAlteredToken() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "condition_warn in write (token)", causeClass: .partial, state: "degraded",
                says: "does not read back: the row holds something else"),
            breaking: {
                try await place.sql(
                    """
                    CREATE TRIGGER \(place.name).spoil BEFORE UPDATE ON \(place.table)
                    FOR EACH ROW SET NEW.token = 'x'
                    """)
            },
            mending: { try await place.sql("DROP TRIGGER \(place.name).spoil") })
        try await page.turn()
    }
}
