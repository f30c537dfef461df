import Testing
import VitalsCore
import VitalsTesting

extension SupabaseFaults {
    @Test("a tenant that is suspended")
    func suspendedTenant() async throws {
        try await Self.page(
            #"{"join": "RealtimeDisabledForTenant: Realtime disabled"}"#,
            ExpectedFault(
                verdict: "account_state in session (RealtimeDisabledForTenant)", causeClass: .config,
                state: "unhealthy",
                says: "Realtime disabled"))
    }
}
