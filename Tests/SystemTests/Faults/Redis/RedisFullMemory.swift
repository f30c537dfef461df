import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("memory that is full, where nothing is evicted")
    func redisFullMemory() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "write_refused_resource in write (OOM)", causeClass: .partial, state: "degraded",
                says: "used memory > 'maxmemory'"),
            breaking: { try await place.set("maxmemory", "1") },
            mending: { try await place.set("maxmemory", "0") })
        try await page.turn()
    }
}
