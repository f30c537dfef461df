import GRDB
import VitalsCore

/// Reads the pings of one health check, newest first.
struct PingReader {
    let database: Database
    private let healthCheck: HealthCheckID
    private let key: Int64

    init(_ database: Database, _ healthCheck: HealthCheckID, _ key: Int64) {
        self.database = database
        self.healthCheck = healthCheck
        self.key = key
    }

    func newest(before: Timestamp?, limit: Int) throws -> [HeardPing] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT at_us, packed FROM ping WHERE health_check = ? AND at_us < ?
                ORDER BY at_us DESC LIMIT ?
                """)
        let rows = try Row.fetchCursor(
            statement, arguments: [key, before?.microseconds ?? .max, limit])
        var pings: [HeardPing] = []
        while let row = try rows.next() {
            let at = row.requiredInstant("at_us")
            let packed: Blob = row["packed"]
            do {
                pings.append(try PackedPing.read(packed.bytes, of: healthCheck, at: at))
            } catch {
                throw StoreError.corrupt("the ping of \(healthCheck) at \(at.iso8601) cannot be read")
            }
        }
        return pings
    }
}
