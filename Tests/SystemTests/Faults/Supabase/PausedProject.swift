import Testing
import VitalsCore
import VitalsTesting

extension SupabaseFaults {
    @Test("a project that is paused")
    func pausedProject() async throws {
        try await Self.page(
            #"{"status": 540}"#,
            ExpectedFault(
                verdict: "paused in first_byte (540)", causeClass: .partial, state: "degraded",
                says: "the project is paused"))
    }
}
