import Testing
import VitalsCore
import VitalsTesting

extension SQLiteFaults {
    @Test("a folder in the place of the file")
    func folderForFile() async throws {
        let file = try await FaultFile()
        let page = FaultPage(
            check: file.reading,
            expected: ExpectedFault(
                verdict: "bad_configuration in connect (EISDIR)", causeClass: .config, state: "unhealthy",
                says: "is a folder"),
            breaking: {
                try await run(["mv", "app.db", "away.db"], in: file.directory)
                try await run(["mkdir", "app.db"], in: file.directory)
            },
            mending: {
                try await run(["rmdir", "app.db"], in: file.directory)
                try await run(["mv", "away.db", "app.db"], in: file.directory)
            })
        try await page.turn()
    }
}
