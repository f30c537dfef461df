import GRDB
import VitalsCore
import VitalsEngine

/// Reads what the runs of one health check measured.
struct VitalReader {
    let database: Database
    private let healthCheck: HealthCheckID
    private let key: Int64

    init(_ database: Database, _ healthCheck: HealthCheckID, _ key: Int64) {
        self.database = database
        self.healthCheck = healthCheck
        self.key = key
    }

    /// Those of one name, ascending.
    ///
    /// - Parameter limit: of the runs that are looked through.
    func readings(of name: String, in range: Range<Timestamp>, limit: Int) throws -> [VitalReading] {
        let names = try database.cachedStatement(sql: "SELECT key FROM vital_name WHERE name = ?")
        guard let wanted = try Int64.fetchOne(names, arguments: [name]) else { return [] }
        let statement = try database.cachedStatement(
            sql: """
                SELECT at_us, packed FROM vital WHERE health_check = ? AND at_us >= ? AND at_us < ?
                ORDER BY at_us LIMIT ?
                """)
        let rows = try Row.fetchCursor(
            statement,
            arguments: [key, range.lowerBound.microseconds, range.upperBound.microseconds, limit])
        var readings: [VitalReading] = []
        while let row = try rows.next() {
            let at = row.requiredInstant("at_us")
            let packed: Blob = row["packed"]
            do {
                let values = try PackedVitals(bytes: packed.bytes).values
                let value = values.first { $0.name == wanted }?.value
                readings.append(VitalReading(at: at, value: value))
            } catch {
                throw StoreError.corrupt("what \(healthCheck) measured at \(at.iso8601) cannot be read")
            }
        }
        return readings
    }
}
