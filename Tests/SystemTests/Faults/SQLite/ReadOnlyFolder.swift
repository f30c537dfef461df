import Testing
import VitalsCore

extension SQLiteFaults {
    @Test(
        "a folder that our user may not write to, where SQLite has to keep its journal",
        arguments: ["write: { provision: true }", "read_write: true"])
    func readOnlyFolder(_ demand: String) async throws {
        let file = try await FaultFile()
        try await file.permit("666", folder: "777")
        let page = FaultPage(
            check: file.checking(demand),
            expected: ExpectedFault(
                verdict: "privilege in write (SQLITE_READONLY 1544)", causeClass: .config, state: "unhealthy",
                says: "our user may not write to the folder of the database"),
            breaking: { try await file.permit("666", folder: "555") },
            mending: { try await file.permit("666", folder: "777") }, wrapper: Self.unprivileged)
        try await page.turn()
    }
}
