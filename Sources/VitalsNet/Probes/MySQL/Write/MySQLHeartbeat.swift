import VitalsCore

/// The row that a prober keeps on a MySQL or MariaDB server, and the statements about it. None of them ever
/// deletes or makes anything, but those that provision.
struct MySQLHeartbeat: Sendable, Equatable {
    let settings: WriteSettings
    let prober: String
    /// What is written, and must read back: never used before.
    let token: String
    /// How long writing may take; nothing: as long as the run.
    let limit: Duration

    /// No lock is waited for longer; there is nothing shorter.
    static let lockPatience = Duration.seconds(1)
    static let usualTable = ["vitals", "heartbeat"]

    /// As SQL writes it.
    var table: String { Self.quoted(settings.table) }
    /// As people do.
    var name: String { settings.table.joined(separator: ".") }

    static func quoted(_ names: [String]) -> String {
        names.map { "`\($0.replacing("`", with: "``"))`" }.joined(separator: ".")
    }

    /// The token of before, if there is a row; and what was written.
    var row: String { "SELECT seq, token FROM \(table) WHERE prober = '\(prober)'" }

    /// Counted up, so that a row that is there always is one that was changed.
    var update: String {
        """
        UPDATE \(table) SET seq = seq + 1, beat_at = NOW(6), token = '\(token)' \
        WHERE prober = '\(prober)'
        """
    }

    /// Where there was no row.
    var insert: String {
        "INSERT INTO \(table) (prober, seq, beat_at, token) VALUES ('\(prober)', 1, NOW(6), '\(token)')"
    }

    /// Said to the session before anything is written: that each statement is a transaction, how long it may
    /// wait and, where the server has a limit for what writes, run; and that no hour comes twice a year.
    func bounds(isMariaDB: Bool) -> String {
        let milliseconds = max(limit.microseconds * 3 / 4 / 1_000, 50)
        let seconds = String(Double(milliseconds) / 1_000)
        return """
            SET SESSION autocommit = 1, lock_wait_timeout = 1, innodb_lock_wait_timeout = 1, \
            time_zone = '+00:00'\(isMariaDB ? ", max_statement_time = \(seconds)" : "")
            """
    }

    /// One row, if there is a table that we may see anything of. It makes the server write nothing to its
    /// disk, as questions of this kind easily do.
    var ground: String {
        """
        SELECT t.ENGINE AS engine, e.TRANSACTIONS AS transactions FROM information_schema.TABLES AS t \
        LEFT JOIN information_schema.ENGINES AS e ON e.ENGINE = t.ENGINE \
        WHERE t.TABLE_SCHEMA = '\(settings.table[0])' AND t.TABLE_NAME = '\(settings.table[1])'
        """
    }

    /// Whether the table's database is there, and we may see it.
    var database: String {
        "SELECT COUNT(*) AS count FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '\(settings.table[0])'"
    }

    /// Takes what the session of each run holds as long as it lives: one that nobody waits for any more lives
    /// on until its commit has ended. One that is just going is waited for.
    var lock: String { "SELECT GET_LOCK('\(lockName)', 1) AS taken" }

    /// Who holds it.
    ///
    /// - Parameter list: where sessions are listed.
    func holder(in list: String) -> String {
        "SELECT ID AS id, TIME AS seconds, STATE AS state FROM \(list) WHERE ID = IS_USED_LOCK('\(lockName)')"
    }

    /// No longer than a server takes.
    private var lockName: String {
        "vitals-" + String(StableHash.mix(StableHash.fnv1a("\(name)|\(prober)")), radix: 16)
    }

    /// What makes the table, statement by statement: there are no transactions for such.
    ///
    /// - Parameter hasDatabase: whether the table's database is there.
    static func definition(of table: [String], hasDatabase: Bool = false) -> [String] {
        let database = hasDatabase ? [] : ["CREATE DATABASE IF NOT EXISTS \(quoted([table[0]]))"]
        return database + [
            """
            CREATE TABLE IF NOT EXISTS \(quoted(table)) \
            (prober VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin PRIMARY KEY, seq BIGINT NOT NULL, \
            beat_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), \
            token VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL) ENGINE=InnoDB
            """
        ]
    }
}
