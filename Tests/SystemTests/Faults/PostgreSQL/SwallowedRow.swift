import Testing
import VitalsCore

extension PostgresFaults {
    @Test("a trigger that lets no row through")
    func swallowedRow() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "condition_warn in write (23505)", causeClass: .partial, state: "degraded",
                says: "does not take our row"),
            breaking: { try await place.trigger("RETURN NULL;", on: "UPDATE") },
            mending: { try await place.dropTrigger() })
        try await page.turn()
    }
}
