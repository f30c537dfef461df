import GRDB
import VitalsCore
import VitalsEngine

/// Makes hours of runs and misses, and days of hours: the oldest first, health check after health check.
struct Roller {
    let database: Database
    private let instant: Timestamp
    /// Rows that it may still look at.
    private var left: Int

    init(_ database: Database, before instant: Timestamp, limit: Int) {
        self.database = database
        self.instant = instant
        left = limit
    }

    mutating func step() throws -> RollUp {
        let stored = try Tier.allCases.map { try RollUpProgress.fetch(database, $0) }
        var hours = try stored[0] ?? RollUpProgress(until: begin())
        var days = stored[1] ?? RollUpProgress(until: Tier.day.start(of: hours.until))
        try advance(&hours, .hour, to: Tier.hour.start(of: instant))
        try advance(&days, .day, to: Tier.day.start(of: hours.until))
        if hours != stored[0] { try hours.save(database, .hour) }
        if days != stored[1] { try days.save(database, .day) }
        return RollUp(hoursUntil: hours.until, daysUntil: days.until, isDone: left > 0)
    }

    /// The hour of the oldest run or miss.
    private func begin() throws -> Timestamp {
        let oldest = try next(.hour, from: Timestamp(microseconds: .min / 2)) ?? instant
        return Tier.hour.start(of: min(oldest, instant))
    }

    private mutating func advance(_ progress: inout RollUpProgress, _ tier: Tier, to end: Timestamp) throws {
        while left > 0, progress.until < end {
            let start = progress.until
            let statement = try database.cachedStatement(sql: Self.keys(tier))
            let healthChecks = try Row.fetchCursor(
                statement,
                arguments: [
                    progress.healthCheck, start.microseconds, (start + tier.length).microseconds,
                ])
            while left > 0, let row = try healthChecks.next() {
                let key: Int64 = row["key"]
                switch tier {
                case .hour: try makeHour(of: HealthCheckID(row["id"]), key, start: start)
                case .day: try makeDay(of: key, start: start)
                }
                progress.healthCheck = key
            }
            guard left > 0 else { return }
            let next = try next(tier, from: start + tier.length) ?? end
            progress = RollUpProgress(until: min(end, tier.start(of: next)))
        }
    }

    private mutating func makeHour(of healthCheck: HealthCheckID, _ key: Int64, start: Timestamp) throws {
        let span = start..<start + Tier.hour.length
        let reader = RawReader(database, healthCheck, key)
        let samples = try reader.samples(in: span, limit: .max)
        let misses = try reader.misses(in: span, limit: .max)
        var tally = Tally(samples)
        tally.missed = misses.reduce(0) { $0 + Int64($1.slots(in: span)) }
        left -= samples.count + misses.count
        guard !tally.isEmpty else { return }
        try TallyTable(database, .hour).write(tally, of: key, start: start)
    }

    private mutating func makeDay(of key: Int64, start: Timestamp) throws {
        let hours = try TallyTable(database, .hour).fetch(of: key, in: start..<start + Tier.day.length)
        left -= hours.count
        let tally = hours.reduce(into: Tally()) { $0.merge($1.tally) }
        try TallyTable(database, .day).write(tally, of: key, start: start)
    }

    /// When the next of what is to be made into hours or days is there, from `instant` on.
    private func next(_ tier: Tier, from instant: Timestamp) throws -> Timestamp? {
        let found = try Self.next(tier).compactMap { sql in
            try Int64.fetchOne(
                try database.cachedStatement(sql: sql), arguments: [instant.microseconds])
        }
        return found.min().map { Timestamp(microseconds: $0) }
    }

    /// Health checks with keys above ?1 that have anything from ?2 on and before ?3.
    private static func keys(_ tier: Tier) -> String {
        let any =
            switch tier {
            case .hour:
                """
                EXISTS (SELECT 1 FROM run WHERE health_check = key
                    AND since_2029_us >= ?2 - \(RunRow.origin) AND since_2029_us < ?3 - \(RunRow.origin))
                OR (SELECT to_us FROM miss WHERE health_check = key AND from_us < ?3
                    ORDER BY from_us DESC LIMIT 1) >= ?2
                """
            case .day:
                """
                EXISTS (SELECT 1 FROM hour WHERE health_check = key AND start_us >= ?2 AND start_us < ?3)
                """
            }
        return "SELECT key, id FROM health_check WHERE key > ?1 AND (\(any)) ORDER BY key"
    }

    /// Instants from ?1 on; ?1 itself when a miss reaches over it.
    private static func next(_ tier: Tier) -> [String] {
        switch tier {
        case .hour:
            [
                """
                SELECT min((SELECT min(since_2029_us) FROM run
                    WHERE health_check = key AND since_2029_us >= ?1 - \(RunRow.origin))) + \(RunRow.origin)
                FROM health_check
                """,
                """
                SELECT min((SELECT min(from_us) FROM miss WHERE health_check = key AND from_us >= ?1))
                FROM health_check
                """,
                """
                SELECT ?1 FROM health_check WHERE (
                    SELECT to_us FROM miss WHERE health_check = key AND from_us < ?1
                    ORDER BY from_us DESC LIMIT 1) >= ?1
                LIMIT 1
                """,
            ]
        case .day:
            [
                """
                SELECT min((SELECT min(start_us) FROM hour WHERE health_check = key AND start_us >= ?1))
                FROM health_check
                """
            ]
        }
    }
}
