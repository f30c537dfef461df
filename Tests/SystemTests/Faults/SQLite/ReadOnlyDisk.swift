import Testing
import VitalsCore
import VitalsTesting

extension SQLiteFaults {
    @Test("a disk that the system has made read-only, as after an error", .onPrivateDisk)
    func readOnlyDisk() async throws {
        let disk = try await PrivateDisk(megabytes: 1)
        let page = FaultPage(
            check: try await Self.writing(to: disk),
            expected: ExpectedFault(
                verdict: "read_only in write (SQLITE_READONLY)", causeClass: .partial, state: "degraded",
                says: "it lies on a file system that is read-only"),
            breaking: { try await disk.permit(.reading) }, mending: { try await disk.permit(.writing) },
            wrapper: disk.entering)
        try await page.turn()
    }
}
