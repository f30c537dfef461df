import Testing
import VitalsCore
import VitalsTesting

extension SQLiteFaults {
    @Test("a trigger that alters what is written")
    func alteredTokenInFile() async throws {
        let file = try await FaultFile()
        let page = FaultPage(
            check: file.checking("write: { provision: true }"),
            expected: ExpectedFault(
                verdict: "condition_warn in write (token)", causeClass: .partial, state: "degraded",
                says: "the row holds something else"),
            breaking: {
                try await file.sql(
                    "CREATE TRIGGER spoil AFTER UPDATE ON _vitals_heartbeat "
                        + "BEGIN UPDATE _vitals_heartbeat SET token = 'x'; END"
                )
            },
            mending: { try await file.sql("DROP TRIGGER spoil") })
        try await page.turn()
    }
}
