import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a replica that cannot apply what it receives")
    func failingReplication() async throws {
        let pair = try await MariaDBPair()
        let table = "\(pair.place.name).t"
        try await pair.replica.sql("SET sql_log_bin = 0; INSERT INTO \(table) VALUES (3, 0)")
        let page = FaultPage(
            check: pair.checking,
            expected: ExpectedFault(
                verdict: "vital in vitals (replication_threads_stopped)", causeClass: .partial,
                state: "degraded", says: "receiving: Yes, applying: No; Error 'Duplicate entry '3'"),
            breaking: { try await pair.primary.sql("INSERT INTO \(table) VALUES (3, 0)") },
            mending: {
                try await pair.replica.sql("DELETE FROM \(table) WHERE id = 3; START SLAVE")
            })
        try await page.turn()
    }
}
