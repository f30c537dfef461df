import Testing
import VitalsCore
import VitalsTesting

extension WriteFaults {
    @Test("a semi-synchronous replica that is not there")
    func writeStalledCommit() async throws {
        let server = try await MariaDBServer(
            settings: ["log-bin": "log", "server-id": "1"])
        try await server.start()
        let place = try await WritePlace(on: server)
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "commit_stalled in write", causeClass: .partial, state: "degraded",
                says: "has to confirm each, for 3600 s at most, and 0 are connected"),
            breaking: {
                try await place.sql(
                    """
                    SET GLOBAL rpl_semi_sync_master_timeout = 3600000,
                    GLOBAL rpl_semi_sync_master_enabled = 1
                    """)
            },
            mending: { try await place.sql("SET GLOBAL rpl_semi_sync_master_enabled = 0") })
        try await page.turn()
    }
}
