import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension S3Faults {
    @Test("a store that hangs")
    func hungStore() async throws {
        let store = try await Self.makeStore()
        let page = FaultPage(
            check: Self.check(port: store.port),
            expected: ExpectedFault(
                verdict: "timeout in first_byte", causeClass: .target, state: "unhealthy",
                says: "no answer from 127.0.0.1"),
            breaking: { store.signal(SIGSTOP) }, mending: { store.signal(SIGCONT) })
        try await page.turn()
        await store.stop()
    }
}
