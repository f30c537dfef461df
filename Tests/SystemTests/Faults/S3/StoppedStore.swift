import Testing
import VitalsCore
import VitalsTesting

extension S3Faults {
    @Test("a store that was stopped")
    func stoppedStore() async throws {
        let store = try await Self.makeStore()
        let page = FaultPage(
            check: Self.check(port: store.port),
            expected: ExpectedFault(
                verdict: "refused in connect (ECONNREFUSED)", causeClass: .target, state: "unhealthy",
                says: "127.0.0.1"),
            breaking: { await store.stop() }, mending: { try await store.start() })
        try await page.turn()
        await store.stop()
    }
}
