import Testing
import VitalsCore
import VitalsTesting

extension SQLServerFaults {
    @Test("a database that was set to be read-only")
    func readOnlyDatabase() async throws {
        try await Self.turn(
            ExpectedFault(
                verdict: "read_only in write", causeClass: .partial, state: "degraded",
                says: "READ_ONLY"),
            when: #"{"identity": {"updateability": "READ_ONLY", "read_only": 1}}"#,
            check: { Self.check($0, "write: true") })
    }
}
