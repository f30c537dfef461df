import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("a server that has no place for another client")
    func redisNoPlace() async throws {
        let place = try await Self.place()
        let server = place.server
        let client = Box<ChildProcess>()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "too_many_connections in authenticate", causeClass: .target, state: "unhealthy",
                says: "max number of clients reached"),
            breaking: {
                try await place.set("maxclients", "1")
                // Refused, while a run of ours is under way.
                try await eventually(that: "the only place is taken", within: .seconds(30)) {
                    if client.value?.isRunning != true { client.value = try server.client("BLPOP", "x", "0") }
                    return try await server.tell("PING").contains("max number of clients")
                }
            },
            mending: { await client.value?.stop() })
        try await page.turn()
    }
}
