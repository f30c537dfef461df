import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("a cluster in which slots belong to nobody")
    func redisClusterDown() async throws {
        let place = try await Self.place(["cluster-enabled yes", "cluster-port \(try freePort())"])
        try await place.tell("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "backend_unavailable in read (CLUSTERDOWN)", causeClass: .target,
                state: "unhealthy", says: "84 of 16384 slots belong to no node"),
            breaking: { try await place.tell("CLUSTER", "DELSLOTSRANGE", "100", "183") },
            mending: { try await place.tell("CLUSTER", "ADDSLOTSRANGE", "100", "183") })
        try await page.turn()
    }
}
