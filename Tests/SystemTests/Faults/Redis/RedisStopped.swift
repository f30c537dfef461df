import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("a server that was stopped, and comes back as another process")
    func redisStopped() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: "redis: { dsn: \"redis://127.0.0.1:\(place.server.port)\", role: primary }",
            expected: ExpectedFault(
                verdict: "refused in connect (ECONNREFUSED)", causeClass: .target, state: "unhealthy",
                says: "connection refused by 127.0.0.1"),
            breaking: { try await place.server.stop() }, mending: { try await place.server.start() })
        try await page.turn()
    }
}
