import Testing
import VitalsCore
import VitalsTesting

extension SupabaseFaults {
    @Test("a key that was replaced")
    func replacedKey() async throws {
        try await Self.page(
            #"{"status": 401}"#,
            ExpectedFault(
                verdict: "auth_failed in authenticate (401)", causeClass: .config, state: "unhealthy",
                says: "is not a key of this project"))
    }
}
