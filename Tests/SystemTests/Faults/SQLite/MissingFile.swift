import Testing
import VitalsCore
import VitalsTesting

extension SQLiteFaults {
    @Test("a file that is gone")
    func missingFile() async throws {
        let file = try await FaultFile()
        let page = FaultPage(
            check: file.reading,
            expected: ExpectedFault(
                verdict: "db_missing in connect (ENOENT)", causeClass: .target, state: "unhealthy",
                says: "there is no file"),
            breaking: { try await run(["mv", "app.db", "away.db"], in: file.directory) },
            mending: { try await run(["mv", "away.db", "app.db"], in: file.directory) })
        try await page.turn()
    }
}
