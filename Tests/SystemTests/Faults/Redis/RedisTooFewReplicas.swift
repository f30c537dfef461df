import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("a primary that takes nothing without replicas")
    func redisTooFewReplicas() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "write_refused_resource in write (NOREPLICAS)", causeClass: .partial,
                state: "degraded", says: "Not enough good replicas to write"),
            breaking: { try await place.set("min-replicas-to-write", "1") },
            mending: { try await place.set("min-replicas-to-write", "0") })
        try await page.turn()
    }
}
