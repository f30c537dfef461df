import GRDB
import VitalsCore

/// What a run found, of which something else tells.
struct StoredFault {
    let database: Database

    /// Nothing when the run passed, or is not kept any more.
    func fetch(of healthCheck: HealthCheckID, _ key: Int64, at: Timestamp) throws -> Fault? {
        let statement = try database.cachedStatement(
            sql: "SELECT packed FROM run WHERE health_check = ? AND since_2029_us = ?")
        guard let row = try Row.fetchOne(statement, arguments: [key, RunRow.column(at)]) else { return nil }
        let next = Timestamp(microseconds: at.microseconds &+ 1)
        let evidence = try EvidenceWalk(database, key, before: next).newest(notAfter: at)
        return try Run(of: healthCheck, at: at, stored: row["packed"], evidence).result.fault
    }
}
