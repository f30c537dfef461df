import Testing
import VitalsCore
import VitalsTesting

extension SQLServerFaults {
    @Test("a page that is damaged")
    func tornPage() async throws {
        try await Self.turn(
            ExpectedFault(
                verdict: "corruption in read (824)", causeClass: .target, state: "unhealthy",
                says: "torn page"),
            when: Self.answering(
                "SELECT seq, token", #"{"errors": [[824, 2, 24, "It has a torn page"]]}"#),
            check: { Self.check($0, "write: true") })
    }
}
