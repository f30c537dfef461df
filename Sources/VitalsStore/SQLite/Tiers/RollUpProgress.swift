import GRDB
import VitalsCore

/// How far the hours, or the days, have come.
struct RollUpProgress: Equatable {
    /// All that began before is in those of every health check.
    var until: Timestamp
    /// Those with keys up to this one have the one that begins then as well; keys begin at 1.
    var healthCheck: Int64 = 0

    /// Whether the hour or day that begins at `start` has been made of the health check with this key.
    func covers(_ start: Timestamp, of key: Int64) -> Bool {
        start < until || (start == until && key <= healthCheck)
    }

    /// Before which all is in the hours or days of the health check with this key.
    func until(of key: Int64, by tier: Tier) -> Timestamp {
        key <= healthCheck ? until + tier.length : until
    }
}

extension RollUpProgress {
    /// Nothing before the first step.
    static func fetch(_ database: Database, _ tier: Tier) throws -> RollUpProgress? {
        let statement = try database.cachedStatement(
            sql: "SELECT until_us, health_check FROM rolled_up WHERE tier = ?")
        guard let row = try Row.fetchOne(statement, arguments: [tier.rawValue]) else { return nil }
        return RollUpProgress(until: row.requiredInstant("until_us"), healthCheck: row["health_check"])
    }

    func save(_ database: Database, _ tier: Tier) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO rolled_up (tier, until_us, health_check) VALUES (?, ?, ?)")
        try statement.execute(arguments: [tier.rawValue, until.microseconds, healthCheck])
    }
}
