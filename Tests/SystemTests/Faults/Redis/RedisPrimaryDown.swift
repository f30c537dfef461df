import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("a replica that serves nothing without its primary")
    func redisPrimaryDown() async throws {
        let pair = try await RedisPair()
        try await pair.replica.set("replica-serve-stale-data", "no")
        let primary = pair.primary.server
        let page = FaultPage(
            check: pair.replica.reading,
            expected: ExpectedFault(
                verdict: "backend_unavailable in read (MASTERDOWN)", causeClass: .target, state: "unhealthy",
                says: "Link with MASTER is down and replica-serve-stale-data is set to 'no'"),
            breaking: { try await primary.stop() },
            mending: {
                try await primary.start()
                try await pair.follows()
            })
        try await page.turn()
    }
}
