import GRDB
import VitalsCore

/// The hours, or the days, of all health checks.
struct TallyTable {
    let database: Database
    let tier: Tier

    init(_ database: Database, _ tier: Tier) {
        self.database = database
        self.tier = tier
    }

    /// By their starts.
    func fetch(of key: Int64, in range: Range<Timestamp>) throws -> [RolledUp] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT * FROM \(tier.rawValue) WHERE health_check = ? AND start_us >= ? AND start_us < ?
                ORDER BY start_us
                """)
        let rows = try Row.fetchCursor(
            statement,
            arguments: [key, range.lowerBound.microseconds, range.upperBound.microseconds])
        var found: [RolledUp] = []
        while let row = try rows.next() {
            let start = row.requiredInstant("start_us")
            guard let tally = Tally(row) else {
                throw StoreError.corrupt("the \(tier.rawValue) \(start.iso8601) of \(key) cannot be read")
            }
            found.append(RolledUp(start: start, tally: tally))
        }
        return found
    }

    /// What was there is replaced.
    func write(_ tally: Tally, of key: Int64, start: Timestamp) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO \(tier.rawValue) (health_check, start_us, pass, warn, fail,
                    inconclusive, missed, latency_sum_us, latency_min_us, latency_max_us, sketch)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        let latencies = tally.latencies
        try statement.execute(arguments: [
            key, start.microseconds, tally.pass, tally.warn, tally.fail, tally.inconclusive, tally.missed,
            latencies?.sum.microseconds, latencies?.min.microseconds, latencies?.max.microseconds,
            latencies.map { Blob($0.sketch.encoded) },
        ])
    }

    /// Adds to what is there.
    func merge(_ tally: Tally, of key: Int64, start: Timestamp) throws {
        var sum = try fetch(of: key, in: start..<start + tier.length).first?.tally ?? Tally()
        sum.merge(tally)
        try write(sum, of: key, start: start)
    }
}

extension Tally {
    /// More than any store holds: what is merged can be added without a look at the sum.
    private static let most: Int64 = 1 << 48

    /// Nothing when the row is none that we wrote.
    fileprivate init?(_ row: Row) {
        self.init()
        pass = row["pass"]
        warn = row["warn"]
        fail = row["fail"]
        inconclusive = row["inconclusive"]
        missed = row["missed"]
        guard [pass, warn, fail, inconclusive, missed].allSatisfy({ (0...Self.most).contains($0) }) else {
            return nil
        }
        guard let blob = row["sketch"] as Blob? else {
            if pass + warn > 0 { return nil }
            return
        }
        let microseconds = ["sum", "min", "max"].map { row["latency_\($0)_us"] as Int64? ?? -1 }
        guard let sketch = Sketch(encoded: blob.bytes), sketch.count == pass + warn,
            microseconds.allSatisfy({ (0...Self.most << 10).contains($0) })
        else { return nil }
        latencies = Latencies(
            sum: .microseconds(microseconds[0]), min: .microseconds(microseconds[1]),
            max: .microseconds(microseconds[2]), sketch: sketch)
    }
}
