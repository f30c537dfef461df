import GRDB
import VitalsCore

/// The numbers by which health checks stand in rows.
enum HealthCheckKeys {
    static func fetch(_ database: Database) throws -> [HealthCheckID: Int64] {
        let rows = try Row.fetchCursor(database, sql: "SELECT id, key FROM health_check")
        var keys: [HealthCheckID: Int64] = [:]
        while let row = try rows.next() {
            keys[HealthCheckID(row[0] as String)] = row[1]
        }
        return keys
    }
}
