import Testing
import VitalsCore
import VitalsTesting

extension SQLiteFaults {
    @Test("a file that is no database any more")
    func junkFile() async throws {
        let file = try await FaultFile()
        let page = FaultPage(
            check: file.reading,
            expected: ExpectedFault(
                verdict: "corruption in read (SQLITE_NOTADB)", causeClass: .target, state: "unhealthy",
                says: "no SQLite database"),
            breaking: {
                try await run(
                    ["dd", "if=/dev/urandom", "of=app.db", "bs=4096", "count=1"], in: file.directory)
            })
        try await page.turn()
    }
}
