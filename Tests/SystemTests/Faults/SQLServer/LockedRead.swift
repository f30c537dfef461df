import Testing
import VitalsCore
import VitalsTesting

extension SQLServerFaults {
    @Test("a row that somebody else holds")
    func lockedRead() async throws {
        try await Self.turn(
            ExpectedFault(
                verdict: "lock_timeout in write (1222)", causeClass: .partial, state: "degraded",
                says: "Lock request time out"),
            when: Self.answering(
                "UPDATE [vitals]", #"{"errors": [[1222, 51, 16, "Lock request time out"]]}"#),
            check: { Self.check($0, "write: true") })
    }
}
