import Testing
import VitalsCore
import VitalsTesting

extension SQLServerFaults {
    @Test("a log that is full")
    func fullLog() async throws {
        try await Self.turn(
            ExpectedFault(
                verdict: "write_refused_resource in write (9002)", causeClass: .partial, state: "degraded",
                says: "is full"),
            when: Self.answering(
                "UPDATE [vitals]", #"{"errors": [[9002, 2, 17, "The transaction log is full"]]}"#),
            check: { Self.check($0, "write: true") })
    }
}
