import Testing
import VitalsCore
import VitalsTesting

extension SupabaseFaults {
    @Test("a message that does not come back")
    func swallowedMessage() async throws {
        try await Self.page(
            #"{"silent": "broadcast"}"#,
            ExpectedFault(
                verdict: "timeout in write", causeClass: .target, state: "unhealthy",
                says: "for our own message"))
    }
}
