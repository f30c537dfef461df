import Testing
import VitalsCore
import VitalsTesting

extension SupabaseFaults {
    @Test("a tenant that says of itself that it is not well")
    func unwellTenant() async throws {
        try await Self.page(
            #"{"health": {"data": {"healthy": false, "db_connected": false}}}"#, asking: true,
            ExpectedFault(
                verdict: "backend_unavailable in body", causeClass: .target, state: "unhealthy",
                says: "the tenant is not well"))
    }
}
