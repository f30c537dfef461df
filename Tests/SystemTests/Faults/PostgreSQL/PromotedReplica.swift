import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("a replica that was promoted")
    func promotedReplica() async throws {
        let primary = try await PostgresServer(
            access: PostgresServer.passwords + "\nlocal replication all trust")
        try await primary.start()
        let place = try await FaultPlace(on: primary)
        let standby = try await primary.standby()
        try await standby.start()
        let dsn = place.dsn.replacing(":\(primary.port)/", with: ":\(standby.port)/")
        let page = FaultPage(
            check: "postgres: { dsn: \"\(dsn)\", role: replica, write: true }",
            expected: ExpectedFault(
                verdict: "role_mismatch in session", causeClass: .target, state: "unhealthy",
                says: "a replica was expected, and this is a primary: was it promoted?"),
            breaking: { try await standby.sql("SELECT pg_promote()") })
        try await page.turn()
        // Nothing was ever written to it (S42).
        #expect(try await standby.sql("SELECT count(*) FROM vitals.heartbeat", database: place.name) == "0")
    }
}
