import Testing
import VitalsCore
import VitalsTesting

extension SQLServerFaults {
    @Test("a web server in its place")
    func webServerForSQLServer() async throws {
        try await Self.turn(
            ExpectedFault(
                verdict: "protocol_mismatch in greeting", causeClass: .config, state: "unhealthy",
                says: "an HTTP server"),
            when: #"{"greeting": "485454502F312E31203430300D0A0D0A"}"#)
    }
}
