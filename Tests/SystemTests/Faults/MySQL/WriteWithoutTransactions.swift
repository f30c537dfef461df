import Testing
import VitalsCore
import VitalsTesting

extension WriteFaults {
    @Test("a table whose engine has no transactions")
    func writeWithoutTransactions() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "condition_warn in write (engine)", causeClass: .partial, state: "degraded",
                says: "is kept by MyISAM, which has no transactions"),
            breaking: { try await place.sql("ALTER TABLE \(place.table) ENGINE=MyISAM") },
            mending: { try await place.sql("ALTER TABLE \(place.table) ENGINE=InnoDB") })
        try await page.turn()
    }
}
