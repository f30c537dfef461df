import Testing
import VitalsCore

extension PostgresFaults {
    @Test("a primary that was turned read-only, where a primary is wanted")
    func readOnlyTransaction() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.checking("role: primary, write: true"),
            expected: ExpectedFault(
                verdict: "role_mismatch in session", causeClass: .target, state: "unhealthy",
                says: "a primary was expected, and this is a primary that is read-only"),
            breaking: {
                try await place.admin("ALTER ROLE \(place.name) SET default_transaction_read_only = on")
            },
            mending: {
                try await place.admin("ALTER ROLE \(place.name) RESET default_transaction_read_only")
            })
        try await page.turn()
    }
}
