import Testing
import VitalsCore
import VitalsTesting

extension SQLiteFaults {
    @Test("a file that was emptied")
    func emptyFile() async throws {
        let file = try await FaultFile()
        let page = FaultPage(
            check: file.reading,
            expected: ExpectedFault(
                verdict: "db_missing in connect (empty)", causeClass: .target, state: "unhealthy",
                says: "is empty: it holds no database"),
            breaking: { try await run(["truncate", "-s", "0", "app.db"], in: file.directory) })
        try await page.turn()
    }
}
