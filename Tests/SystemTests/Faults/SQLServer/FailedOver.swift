import Testing
import VitalsCore
import VitalsTesting

extension SQLServerFaults {
    @Test("a primary that became a secondary")
    func failedOver() async throws {
        try await Self.turn(
            ExpectedFault(
                verdict: "role_mismatch in session", causeClass: .target, state: "unhealthy",
                says: "was there a failover?"),
            when: #"{"identity": {"updateability": "READ_ONLY", "in_group": 1}}"#,
            check: { Self.check($0, "role: primary") })
    }
}
