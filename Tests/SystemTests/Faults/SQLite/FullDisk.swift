import Testing
import VitalsCore
import VitalsTesting

extension SQLiteFaults {
    @Test("a disk that is full", .onPrivateDisk)
    func fullDisk() async throws {
        let disk = try await PrivateDisk(megabytes: 1)
        let page = FaultPage(
            check: try await Self.writing(to: disk),
            expected: ExpectedFault(
                verdict: "write_refused_resource in write (SQLITE_FULL)", causeClass: .partial,
                state: "degraded", says: "the database or its disk is full"),
            breaking: { try disk.fill() }, mending: { try disk.free() }, wrapper: disk.entering)
        try await page.turn()
    }
}
