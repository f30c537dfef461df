import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("a server that hangs")
    func redisFrozen() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "timeout in authenticate", causeClass: .target, state: "unhealthy",
                says: "no answer from 127.0.0.1"),
            breaking: { place.server.signal(SIGSTOP) }, mending: { place.server.signal(SIGCONT) })
        try await page.turn()
    }
}
