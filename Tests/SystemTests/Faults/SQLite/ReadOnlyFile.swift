import Testing
import VitalsCore

extension SQLiteFaults {
    @Test("a file that our user may only read from now on")
    func readOnlyFile() async throws {
        let file = try await FaultFile()
        try await file.permit("666", folder: "777")
        let page = FaultPage(
            check: file.checking("write: { provision: true }"),
            expected: ExpectedFault(
                verdict: "privilege in write (SQLITE_READONLY)", causeClass: .config, state: "unhealthy",
                says: "our user may not write to the file"),
            breaking: { try await file.permit("444", folder: "777") },
            mending: { try await file.permit("666", folder: "777") }, wrapper: Self.unprivileged)
        try await page.turn()
    }
}
