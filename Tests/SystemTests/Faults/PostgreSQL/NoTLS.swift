import Testing
import VitalsCore

extension PostgresFaults {
    @Test("a server without TLS, where TLS is asked for")
    func noTLS() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: "postgres: \"\(place.dsn)?sslmode=require\"",
            isWellBefore: false,
            expected: ExpectedFault(
                verdict: "tls_unsupported in tls", causeClass: .config, state: "unknown",
                says: "sslmode=disable"))
        try await page.turn()
    }
}
