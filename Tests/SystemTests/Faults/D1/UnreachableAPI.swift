import Testing
import VitalsCore

extension D1Faults {
    @Test("an API that nobody serves")
    func unreachableAPI() async throws {
        let api = try HTTPTarget(Self.good)
        defer { api.close() }
        let page = FaultPage(
            check: Self.check(api),
            expected: ExpectedFault(
                verdict: "refused in connect (ECONNREFUSED)", causeClass: .target, state: "unhealthy",
                says: "127.0.0.1"),
            breaking: { api.close() }, mending: { try api.open() })
        try await page.turn()
    }
}
