import Testing
import VitalsCore
import VitalsTesting

extension SQLServerFaults {
    @Test("a server that takes connections and says nothing")
    func silentServer() async throws {
        try await Self.turn(
            ExpectedFault(
                verdict: "timeout in greeting", causeClass: .target, state: "unhealthy",
                says: "no answer from"),
            when: #"{"greeting": "silence"}"#)
    }
}
