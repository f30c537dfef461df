import Testing
import VitalsCore
import VitalsTesting

extension SupabaseFaults {
    @Test("a database that Realtime does not reach")
    func lostDatabase() async throws {
        try await Self.page(
            #"{"join": "UnableToConnectToProject: unable to connect"}"#,
            ExpectedFault(
                verdict: "backend_unavailable in session (UnableToConnectToProject)", causeClass: .target,
                state: "unhealthy",
                says: "unable to connect"))
    }
}
