import Testing
import VitalsCore
import VitalsTesting

extension SQLServerFaults {
    @Test("a server that hangs up in the middle of its first answer")
    func halfGreeting() async throws {
        try await Self.turn(
            ExpectedFault(
                verdict: "reset in greeting", causeClass: .target, state: "unhealthy",
                says: "closed the connection"),
            when: #"{"greeting": "half"}"#)
    }
}
