import Testing
import VitalsCore

extension PostgresFaults {
    @Test("a statement that takes too long")
    func slowStatement() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.checking("write: true, write_timeout: 800ms"),
            expected: ExpectedFault(
                verdict: "statement_timeout in write (57014)", causeClass: .partial, state: "degraded",
                says: "statement timeout"),
            breaking: { try await place.trigger("PERFORM pg_sleep(60); RETURN NEW;") },
            mending: { try await place.dropTrigger() })
        try await page.turn()
    }
}
