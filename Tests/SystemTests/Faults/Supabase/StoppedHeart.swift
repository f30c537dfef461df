import Testing
import VitalsCore
import VitalsTesting

extension SupabaseFaults {
    @Test("a heart that has stopped")
    func stoppedHeart() async throws {
        try await Self.page(
            #"{"silent": "heartbeat"}"#,
            ExpectedFault(
                verdict: "timeout in read", causeClass: .target, state: "unhealthy",
                says: "for the reply to our heartbeat"))
    }
}
