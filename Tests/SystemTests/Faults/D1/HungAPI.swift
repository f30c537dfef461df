import Testing
import VitalsCore

extension D1Faults {
    @Test("an API that takes the request and says nothing")
    func hungAPI() async throws {
        try await Self.turn(
            .hang,
            ExpectedFault(
                verdict: "timeout in first_byte", causeClass: .target, state: "unhealthy",
                says: "no answer from 127.0.0.1"))
    }
}
