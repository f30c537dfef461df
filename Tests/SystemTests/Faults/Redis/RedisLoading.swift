import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("a server that was started again, and loads its data")
    func redisLoading() async throws {
        let place = try await Self.place(["key-load-delay 500", "loading-process-events-interval-bytes 1024"])
        let server = place.server
        let page = FaultPage(
            check: "redis: \"redis://127.0.0.1:\(server.port)\"",
            expected: ExpectedFault(
                verdict: "starting_up in read (LOADING)", causeClass: .target, state: "unhealthy",
                says: "Redis is loading the dataset in memory: "),
            breaking: {
                try await place.tell("DEBUG", "POPULATE", "40000")
                try await place.tell("SAVE")
                try await server.stop()
                try await server.start()
            },
            // What takes so long only by its settings.
            mending: {
                try await eventually(that: "it has its data", within: .seconds(60)) {
                    try await server.tell("PING") == "PONG"
                }
            })
        try await page.turn()
    }
}
