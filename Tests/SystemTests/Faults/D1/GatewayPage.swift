import Testing
import VitalsCore

extension D1Faults {
    @Test("a gateway that answers with a page of its own")
    func gatewayPage() async throws {
        try await Self.turn(
            Self.answer(504, "<!DOCTYPE html><html>504</html>"),
            ExpectedFault(
                verdict: "backend_unavailable in body (504)", causeClass: .target, state: "unhealthy",
                says: "a page of HTML"))
    }
}
