import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("a server that cannot save its data, and takes no more therefore")
    func redisFailedSnapshot() async throws {
        let place = try await Self.place()
        let server = place.server
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "write_refused_resource in read (MISCONF)", causeClass: .partial, state: "degraded",
                says: "unable to persist to disk"),
            breaking: {
                try await place.set("save", "3600 1")
                try await place.set("dbfilename", "taken.rdb")
                try #require(mkdir(server.directory.file("taken.rdb"), 0o755) == 0)
                try await place.tell("BGSAVE")
            },
            mending: {
                try #require(rmdir(server.directory.file("taken.rdb")) == 0)
                try await place.tell("SAVE")
            })
        try await page.turn()
    }
}
