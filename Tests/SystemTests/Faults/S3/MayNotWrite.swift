import Testing
import VitalsCore
import VitalsTesting

extension S3Faults {
    @Test("a key that may read and is to write")
    func mayNotWrite() async throws {
        let page = FaultPage(
            check: Self.check(port: try Self.store().port, more: ", write: true"), isWellBefore: false,
            expected: ExpectedFault(
                verdict: "privilege in write (AccessDenied)", causeClass: .config, state: "unknown",
                says: "AccessDenied"))
        try await page.turn()
    }
}
