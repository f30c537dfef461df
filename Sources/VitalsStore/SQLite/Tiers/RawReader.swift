import GRDB
import VitalsCore

/// Reads what is counted of the runs and misses of one health check, the oldest first.
struct RawReader {
    let database: Database
    private let healthCheck: HealthCheckID
    private let key: Int64

    init(_ database: Database, _ healthCheck: HealthCheckID, _ key: Int64) {
        self.database = database
        self.healthCheck = healthCheck
        self.key = key
    }

    func samples(in range: Range<Timestamp>, limit: Int) throws -> [Sample] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT since_2029_us, packed FROM run
                WHERE health_check = ? AND since_2029_us >= ? AND since_2029_us < ?
                ORDER BY since_2029_us LIMIT ?
                """)
        let rows = try Row.fetchCursor(
            statement,
            arguments: [key, RunRow.column(range.lowerBound), RunRow.column(range.upperBound), limit])
        var samples: [Sample] = []
        while let row = try rows.next() {
            let at = RunRow.at(column: row[0])
            let run = try PackedRun(row[1], of: healthCheck, at: at)
            samples.append(Sample(at: at, outcome: run.outcome, latency: .microseconds(run.latency)))
        }
        return samples
    }

    /// Those that have a part in `range`. They follow each other: of those that begin before it only the last
    /// can reach into it.
    func misses(in range: Range<Timestamp>, limit: Int) throws -> [Miss] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT from_us, to_us, count, reason FROM miss
                WHERE health_check = ?1 AND from_us < ?3 AND to_us >= ?2 AND from_us >= coalesce(
                    (SELECT max(from_us) FROM miss WHERE health_check = ?1 AND from_us <= ?2), ?2)
                ORDER BY from_us LIMIT ?4
                """)
        let rows = try Row.fetchCursor(
            statement,
            arguments: [
                key, range.lowerBound.microseconds, range.upperBound.microseconds, limit,
            ])
        var misses: [Miss] = []
        while let row = try rows.next() { misses.append(try Miss(of: healthCheck, row)) }
        return misses
    }

    /// The one that begins at this instant.
    func miss(from: Timestamp) throws -> Miss? {
        let statement = try database.cachedStatement(
            sql: "SELECT from_us, to_us, count, reason FROM miss WHERE health_check = ? AND from_us = ?")
        return try Row.fetchOne(statement, arguments: [key, from.microseconds]).map {
            try Miss(of: healthCheck, $0)
        }
    }
}
