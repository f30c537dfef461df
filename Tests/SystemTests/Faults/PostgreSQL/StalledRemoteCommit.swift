import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("a commit that a silent standby holds up: given up, and no session is left waiting")
    func stalledRemoteCommit() async throws {
        let primary = try await PostgresServer(
            access: PostgresServer.passwords + "\nlocal replication all trust")
        try await primary.start()
        let place = try await FaultPlace(on: primary)
        let standby = try await primary.standby(settings: ["cluster_name": "silent"])
        try await standby.start()
        try await primary.sql("ALTER SYSTEM SET synchronous_standby_names = 'silent'")
        try await primary.reload()
        let page = FaultPage(
            check: place.checking("write: { durability: remote }, write_timeout: 1s"),
            expected: ExpectedFault(
                verdict: "commit_stalled in write", causeClass: .partial, state: "degraded",
                says: "no synchronous standby confirms it (synchronous_standby_names is 'silent')"),
            breaking: { try await standby.freeze(SIGSTOP) },
            mending: { try await standby.freeze(SIGCONT) },
            meanwhile: { _ in
                try await eventually(that: "no commit of ours waits") {
                    try await primary.sql(
                        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") == "0"
                }
            })
        try await page.turn()
    }
}
