import Testing
import VitalsCore
import VitalsTesting

extension SQLServerFaults {
    @Test("a table of the write probe that was dropped")
    func missingTable() async throws {
        try await Self.turn(
            ExpectedFault(
                verdict: "not_provisioned in write (208)", causeClass: .config, state: "unhealthy",
                says: "vitals provision"),
            when: Self.answering("UPDATE [vitals]", #"{"errors": [[208, 1, 16, "Invalid object name"]]}"#),
            check: { Self.check($0, "write: true") })
    }
}
