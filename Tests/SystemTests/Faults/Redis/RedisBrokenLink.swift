import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("a replica that goes on without its primary, and shows what grows old")
    func redisBrokenLink() async throws {
        let pair = try await RedisPair()
        let primary = pair.primary.server
        let page = FaultPage(
            check: pair.replica.measuring("{ name: replication_link_down_seconds, every: 1s, warn: 1 }"),
            expected: ExpectedFault(
                verdict: "vital in vitals (replication_link_down_seconds)", causeClass: .partial,
                state: "degraded", says: "is down"),
            breaking: { try await primary.stop() },
            mending: {
                try await primary.start()
                try await pair.follows()
            })
        try await page.turn()
    }
}
