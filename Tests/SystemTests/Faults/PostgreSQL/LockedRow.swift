import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("a row that somebody else has locked")
    func lockedRow() async throws {
        let place = try await Self.place()
        let holder = Box<ChildProcess>()
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "lock_timeout in write (55P03)", causeClass: .partial, state: "degraded",
                says: "canceling statement due to lock timeout"),
            breaking: { holder.value = try await place.hold("UPDATE vitals.heartbeat SET seq = seq") },
            mending: { try await place.release() })
        try await page.turn()
    }
}
