import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("a former session that still holds our row while its commit waits for a silent standby")
    func stuckSession() async throws {
        let primary = try await PostgresServer(
            access: PostgresServer.passwords + "\nlocal replication all trust")
        try await primary.start()
        let place = try await FaultPlace(on: primary)
        let standby = try await primary.standby(settings: ["cluster_name": "silent"])
        try await standby.start()
        try await primary.sql("ALTER SYSTEM SET synchronous_standby_names = 'silent'")
        try await primary.reload()
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "commit_stalled in write (55P03)", causeClass: .partial, state: "degraded",
                says: "the row is locked by a session whose commit waits for a synchronous standby"),
            breaking: {
                try await standby.freeze(SIGSTOP)
                let session = try primary.session(
                    "UPDATE vitals.heartbeat SET seq = seq", as: "postgres", database: place.name)
                try await eventually(that: "its commit waits") {
                    try await primary.sql(
                        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") == "1"
                }
                await session.stop(SIGKILL)
            },
            mending: { try await standby.freeze(SIGCONT) })
        try await page.turn()
    }
}
