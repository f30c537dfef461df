import Testing
import VitalsCore

extension D1Faults {
    @Test("an answer that is good by its status alone")
    func noJSON() async throws {
        try await Self.turn(
            Self.answer(200, "fine"),
            ExpectedFault(
                verdict: "unexpected_reply in body", causeClass: .target, state: "unhealthy",
                says: "instead of JSON with `success`"))
    }
}
