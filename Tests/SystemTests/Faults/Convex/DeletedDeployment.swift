import Testing
import VitalsCore

extension ConvexFaults {
    @Test("a deployment that was deleted, as its query tells")
    func deletedDeployment() async throws {
        try await Self.turn(
            .answer(404, body: ""), query: true,
            ExpectedFault(
                verdict: "db_missing in body (404)", causeClass: .target, state: "unhealthy",
                says: "there is no such deployment"))
    }
}
