import Testing
import VitalsCore

extension PostgresFaults {
    @Test("a trigger that alters what is written")
    func alteredToken() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "condition_warn in write (token)", causeClass: .partial, state: "degraded",
                says: "does not read back: the row holds something else"),
            breaking: { try await place.trigger("NEW.token = 'x'; RETURN NEW;") },
            mending: { try await place.dropTrigger() })
        try await page.turn()
    }
}
