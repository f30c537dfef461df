import Testing
import VitalsCore

extension PostgresFaults {
    @Test("a primary where a replica is wanted")
    func wrongRole() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.checking("role: replica"),
            isWellBefore: false,
            expected: ExpectedFault(
                verdict: "role_mismatch in session", causeClass: .target, state: "unhealthy",
                says: "a replica was expected, and this is a primary: was it promoted?"))
        try await page.turn()
    }
}
