import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a replica that receives nothing any more: how far it is behind is not known, and not 0")
    func stoppedReplication() async throws {
        let pair = try await MariaDBPair()
        let page = FaultPage(
            check: pair.checking,
            expected: ExpectedFault(
                verdict: "vital in vitals (replication_threads_stopped)", causeClass: .partial,
                state: "degraded", says: "is 1, above 0; receiving: No, applying: Yes"),
            breaking: { try await pair.replica.sql("STOP SLAVE IO_THREAD") },
            mending: { try await pair.replica.sql("START SLAVE") },
            meanwhile: { server in
                let vitals = try await server.api.healthCheck(FaultPage.id)["vitals"].items
                let lag = try #require(vitals.first { $0["name"].string == "replication_lag_seconds" })
                #expect(lag["value"] == .null)
                #expect(lag["reason"].string == "receiving: No, applying: Yes")
            })
        try await page.turn()
    }
}
