import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("a standby where a primary is wanted")
    func standbyForPrimary() async throws {
        let primary = try await PostgresServer(
            access: PostgresServer.passwords + "\nlocal replication all trust")
        try await primary.start()
        let place = try await FaultPlace(on: primary)
        let standby = try await primary.standby()
        try await standby.start()
        let dsn = place.dsn.replacing(":\(primary.port)/", with: ":\(standby.port)/")
        let page = FaultPage(
            check: "postgres: { dsn: \"\(dsn)\", role: primary, write: true }", isWellBefore: false,
            expected: ExpectedFault(
                verdict: "role_mismatch in session", causeClass: .target, state: "unhealthy",
                says: "a primary was expected, and this is a replica: was there a failover?"),
            mending: { try await standby.sql("SELECT pg_promote()") })
        try await page.turn()
    }
}
