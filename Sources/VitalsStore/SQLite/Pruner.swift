import GRDB
import VitalsCore

/// Finds and removes what is older than an instant.
///
/// No table but `notification` is ordered by age, so health check after health check is asked for what it
/// has.
struct Pruner {
    let database: Database
    private let tier: Tier?
    private let cutoff: Timestamp

    /// - Parameter tier: nothing: runs and what is kept as long as they are.
    init(_ database: Database, _ tier: Tier?, before cutoff: Timestamp) {
        self.database = database
        self.tier = tier
        self.cutoff = cutoff
    }

    /// Finds at least `enough` old rows, or all there are, in health checks from the key `start` on and then
    /// in those before it.
    func search(from start: Int64, enough: Int) throws -> [OldRows] {
        var found: [OldRows] = []
        var rows = 0
        for range in ["key >= ?1", "key < ?1"] {
            let keys = try Int64.fetchCursor(
                database, sql: Aged.search(tables, range), arguments: [start, cutoff.microseconds])
            while let key = try keys.next() {
                for table in tables {
                    let count = try count(table, of: key, limit: enough)
                    if count > 0 { found.append(OldRows(healthCheck: key, table: table)) }
                    rows += count
                }
                guard rows < enough else { return found }
            }
        }
        return found
    }

    /// Removes at most `limit` rows: ended notifications and episodes, then what was found.
    ///
    /// - Returns: how many.
    func remove(_ found: [OldRows], limit: Int) throws -> Int {
        var left = limit
        let ended = [Self.endedDeliveries, Self.endedNotifications, Self.endedEpisodes]
        for sql in tier == nil ? ended : [] {
            left -= try execute(sql, [cutoff.microseconds, left])
        }
        for rows in found where left > 0 {
            left -= try execute(rows.table.delete, [rows.healthCheck, cutoff.microseconds, left])
        }
        return limit - left
    }

    private var tables: [Aged] { tier.map { [Aged(of: $0)] } ?? Aged.raw }

    private func count(_ aged: Aged, of key: Int64, limit: Int) throws -> Int {
        let statement = try database.cachedStatement(sql: aged.count)
        return try Int.fetchOne(statement, arguments: [key, cutoff.microseconds, limit]) ?? 0
    }

    private func execute(_ sql: String, _ arguments: StatementArguments) throws -> Int {
        let statement = try database.cachedStatement(sql: sql)
        try statement.execute(arguments: arguments)
        return database.changesCount
    }

    private static let endedDeliveries = """
        DELETE FROM delivery WHERE id IN (
            SELECT delivery.id FROM notification JOIN delivery ON delivery.notification = notification.key
            WHERE created_at_us < ? AND notification.status <> 'pending' LIMIT ?)
        """
    private static let endedNotifications = """
        DELETE FROM notification WHERE key IN (
            SELECT key FROM notification WHERE created_at_us < ? AND status <> 'pending'
                AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.notification = notification.key)
            LIMIT ?)
        """
    /// Those that something still to be told speaks of stay.
    private static let endedEpisodes = """
        DELETE FROM episode WHERE id IN (
            SELECT id FROM episode WHERE ended_at_us < ? AND id NOT IN (SELECT episode FROM page)
                AND id NOT IN (
                    SELECT episode FROM notification WHERE status = 'pending' AND episode IS NOT NULL)
            LIMIT ?)
        """
}

/// That a health check has old rows in a table.
struct OldRows: Sendable {
    let healthCheck: Int64
    fileprivate let table: Aged
}

/// A table of rows that age, each of a health check.
///
/// In its statements ?1 is the health check's key, ?2 the instant before which a row is old, ?3 the most
/// rows.
private struct Aged: Sendable {
    let table: String
    /// The rest of the primary key.
    let columns: String
    /// When a row of the health check `key` is old.
    let isOld: @Sendable (_ key: String) -> String

    static let raw = [run, miss, transition, evidence, ping, vital]

    private static let run = Aged(table: "run", columns: "since_2029_us") { _ in
        "since_2029_us < ?2 - \(RunRow.origin)"
    }
    private static let miss = Aged(table: "miss", columns: "from_us") { _ in
        "from_us < ?2 AND to_us < ?2"
    }
    private static let ping = Aged(table: "ping", columns: "at_us") { _ in
        "at_us < ?2"
    }
    private static let vital = Aged(table: "vital", columns: "at_us") { _ in
        "at_us < ?2"
    }
    private static let transition = Aged(table: "transition", columns: "at_us, to_state") { _ in
        "at_us < ?2"
    }
    /// The newest of the old ones stays while there are newer runs: they may be of the fault that it tells
    /// of.
    private static let evidence = Aged(table: "evidence", columns: "at_us") { key in
        """
        at_us < ?2 AND at_us < coalesce((
            SELECT max(at_us) FROM evidence AS kept WHERE kept.health_check = \(key) AND kept.at_us < ?2
                AND EXISTS (
                    SELECT 1 FROM run WHERE run.health_check = \(key)
                        AND run.since_2029_us >= ?2 - \(RunRow.origin))), ?2)
        """
    }

    var count: String { "SELECT count(*) FROM (\(old))" }

    var delete: String { "DELETE FROM \(table) WHERE health_check = ?1 AND (\(columns)) IN (\(old))" }

    private var old: String {
        """
        SELECT \(columns) FROM \(table) WHERE health_check = ?1 AND \(isOld("?1"))
        ORDER BY \(columns) LIMIT ?3
        """
    }

    /// Keys of health checks in `range` that hold anything old; ?1 and ?2 are those of the range and the
    /// instant.
    static func search(_ tables: [Aged], _ range: String) -> String {
        let any = tables.map {
            "EXISTS (SELECT 1 FROM \($0.table) WHERE health_check = key AND \($0.isOld("key")))"
        }
        return
            "SELECT key FROM health_check WHERE \(range) AND (\(any.joined(separator: " OR "))) ORDER BY key"
    }
}

extension Aged {
    fileprivate init(of tier: Tier) {
        self.init(table: tier.rawValue, columns: "start_us") { _ in "start_us < ?2" }
    }
}
