import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("a table whose file is damaged")
    func damagedTable() async throws {
        let server = try await PostgresServer(access: PostgresServer.passwords)
        try await server.start()
        let place = try await FaultPlace(on: server)
        let file = try await place.sql("SELECT pg_relation_filepath('vitals.heartbeat')")
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "corruption in read (XX001)", causeClass: .target, state: "unhealthy",
                says: "invalid page in block 0"),
            breaking: {
                try await server.stop()
                try await run(
                    ["dd", "if=/dev/urandom", "of=data/\(file)", "bs=8192", "count=1", "conv=notrunc"],
                    in: server.directory)
                try await server.start()
            })
        try await page.turn()
    }
}
