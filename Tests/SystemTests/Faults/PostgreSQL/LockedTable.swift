import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("a table that somebody else has locked")
    func lockedTable() async throws {
        let place = try await Self.place()
        let holder = Box<ChildProcess>()
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "lock_timeout in read (55P03)", causeClass: .partial, state: "degraded",
                says: "canceling statement due to lock timeout"),
            breaking: {
                holder.value = try await place.hold("LOCK TABLE vitals.heartbeat IN ACCESS EXCLUSIVE MODE")
            },
            mending: { try await place.release() })
        try await page.turn()
    }
}
