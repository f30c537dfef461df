import Testing
import VitalsCore
import VitalsTesting

extension WriteFaults {
    @Test("a row that somebody else has locked")
    func writeLockedRow() async throws {
        let place = try await Self.place()
        let holder = Box<ChildProcess>()
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "lock_timeout in write (1205)", causeClass: .partial, state: "degraded",
                says: "Lock wait timeout exceeded"),
            breaking: {
                holder.value = try await place.hold("BEGIN; UPDATE \(place.table) SET seq = seq + 1")
            },
            mending: { try await place.release() })
        try await page.turn()
    }
}
