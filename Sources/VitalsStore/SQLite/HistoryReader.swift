import GRDB
import VitalsCore
import VitalsEngine

/// Reads runs and misses of one health check, newest first.
struct HistoryReader {
    let database: Database
    private let healthCheck: HealthCheckID
    private let key: Int64

    init(_ database: Database, _ healthCheck: HealthCheckID, _ key: Int64) {
        self.database = database
        self.healthCheck = healthCheck
        self.key = key
    }

    func newest(before: Timestamp?, limit: Int) throws -> [HistoryItem] {
        let before = before ?? Timestamp(microseconds: .max)
        var runs = try runs(before: before, limit: limit)[...]
        var misses = try misses(before: before, limit: limit)[...]
        var items: [HistoryItem] = []
        while items.count < limit {
            switch (runs.first, misses.first) {
            case (let run?, let miss?) where run.at >= miss.from: items.append(.run(run))
            case (_, let miss?): items.append(.miss(miss))
            case (let run?, nil): items.append(.run(run))
            case (nil, nil): return items
            }
            if case .run = items.last { runs.removeFirst() } else { misses.removeFirst() }
        }
        return items
    }

    private func runs(before: Timestamp, limit: Int) throws -> [Run] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT since_2029_us, packed FROM run WHERE health_check = ? AND since_2029_us < ?
                ORDER BY since_2029_us DESC LIMIT ?
                """)
        let rows = try Row.fetchCursor(
            statement, arguments: [key, RunRow.column(before), limit])
        var runs: [Run] = []
        let evidence = try EvidenceWalk(database, key, before: before)
        while let row = try rows.next() {
            let at = RunRow.at(column: row[0])
            runs.append(try Run(of: healthCheck, at: at, stored: row[1], evidence.newest(notAfter: at)))
        }
        return runs
    }

    private func misses(before: Timestamp, limit: Int) throws -> [Miss] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT from_us, to_us, count, reason FROM miss WHERE health_check = ? AND from_us < ?
                ORDER BY from_us DESC LIMIT ?
                """)
        let rows = try Row.fetchCursor(statement, arguments: [key, before.microseconds, limit])
        var misses: [Miss] = []
        while let row = try rows.next() {
            misses.append(try Miss(of: healthCheck, row))
        }
        return misses
    }
}
