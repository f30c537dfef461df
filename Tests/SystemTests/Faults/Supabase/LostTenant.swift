import Testing
import VitalsCore
import VitalsTesting

extension SupabaseFaults {
    @Test("a tenant that is gone")
    func lostTenant() async throws {
        try await Self.page(
            #"{"join": "TenantNotFound: Tenant not found: dev"}"#,
            ExpectedFault(
                verdict: "bad_configuration in session (TenantNotFound)", causeClass: .config,
                state: "unhealthy",
                says: "refused the join"))
    }
}
