import Testing
import VitalsCore
import VitalsTesting

extension SQLiteFaults {
    @Test("a table of the write probe that was never made")
    func neverProvisionedFile() async throws {
        let file = try await FaultFile()
        let page = FaultPage(
            check: file.checking("write: true"), isWellBefore: false,
            expected: ExpectedFault(
                verdict: "not_provisioned in write (SQLITE_ERROR)", causeClass: .config, state: "unknown",
                says: "`vitals provision`"),
            mending: {
                try await run(
                    [VitalsProgram.path, "provision", "sqlite:///\(file.path)", "--apply"], in: file.directory
                )
            })
        try await page.turn()
    }
}
