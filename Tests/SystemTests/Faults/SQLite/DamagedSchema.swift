import Testing
import VitalsCore
import VitalsTesting

extension SQLiteFaults {
    @Test("a database whose schema is damaged")
    func damagedSchema() async throws {
        let file = try await FaultFile()
        let page = FaultPage(
            check: file.reading,
            expected: ExpectedFault(
                verdict: "corruption in read (SQLITE_CORRUPT)", causeClass: .target, state: "unhealthy",
                says: "the database is corrupt"),
            breaking: {
                try await run(
                    [
                        "sh", "-c",
                        "printf '\\\\377\\\\377\\\\377\\\\377' | dd of=app.db bs=1 seek=100 conv=notrunc",
                    ], in: file.directory)
            })
        try await page.turn()
    }
}
