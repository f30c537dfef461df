import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension SQLiteFaults {
    @Test("a writer that keeps the write probe waiting")
    func busyWriteProbe() async throws {
        let file = try await FaultFile()
        let holder = Box<ChildProcess>()
        let page = FaultPage(
            check: file.checking("write: { provision: true }"),
            expected: ExpectedFault(
                verdict: "lock_timeout in write (SQLITE_BUSY)", causeClass: .partial, state: "degraded",
                says: "another program holds a lock on it"),
            breaking: { holder.value = try await file.hold("BEGIN IMMEDIATE") },
            mending: { await holder.value?.stop(SIGKILL) })
        try await page.turn()
    }
}
