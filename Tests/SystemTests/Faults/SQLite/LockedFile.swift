import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension SQLiteFaults {
    @Test("a file that another program keeps for itself")
    func lockedFile() async throws {
        let file = try await FaultFile()
        let holder = Box<ChildProcess>()
        let page = FaultPage(
            check: file.reading,
            expected: ExpectedFault(
                verdict: "lock_timeout in read (SQLITE_BUSY)", causeClass: .partial, state: "degraded",
                says: "another program holds a lock on it"),
            breaking: { holder.value = try await file.hold("BEGIN EXCLUSIVE") },
            mending: { await holder.value?.stop(SIGKILL) })
        try await page.turn()
    }
}
