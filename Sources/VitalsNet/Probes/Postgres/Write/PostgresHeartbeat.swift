import VitalsCore

/// The row that a prober keeps on a PostgreSQL server, and the statements about it. None of them ever deletes
/// or makes anything, but `provision`.
struct PostgresHeartbeat: Sendable, Equatable {
    let settings: WriteSettings
    let prober: String
    /// What is written, and must read back: never used before.
    let token: String
    /// How long writing may take; nothing: as long as the run.
    let limit: Duration

    /// No lock is waited for longer.
    private static let lockPatience = "300ms"

    var schema: String { settings.table[0] }
    var name: String { settings.table[1] }
    /// As SQL writes it.
    var table: String { Self.quoted(settings.table) }

    static func quoted(_ names: [String]) -> String {
        names.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ".")
    }

    /// The token of before, if there is a row.
    var read: String { PostgresVitals.bounded(row) }

    /// Begins a transaction and changes the row. The server gives up before we do.
    var update: String {
        """
        \(begin); UPDATE \(table) SET seq = seq + 1, beat_at = pg_catalog.clock_timestamp(), \
        token = '\(token)' WHERE prober = '\(prober)' RETURNING seq
        """
    }

    /// In the same transaction, where there was no row.
    var insert: String {
        """
        INSERT INTO \(table) (prober, seq, beat_at, token) \
        VALUES ('\(prober)', 1, pg_catalog.clock_timestamp(), '\(token)') RETURNING seq
        """
    }

    /// Ends it, and reads the row back, which is another transaction.
    var commit: String { "COMMIT; \(row)" }

    static let rollback = "ROLLBACK"

    /// Makes the table, in a transaction of its own.
    var provision: String {
        "\(begin); \(Self.definition(of: settings.table).joined(separator: "; ")); COMMIT"
    }

    /// One row to a page and a half empty page: an update finds room beside the row, and touches no index.
    static func definition(of table: [String]) -> [String] {
        [
            "CREATE SCHEMA IF NOT EXISTS \(quoted([table[0]]))",
            """
            CREATE TABLE IF NOT EXISTS \(quoted(table)) (prober text PRIMARY KEY \
            CHECK (pg_catalog.length(prober) <= 64), seq bigint NOT NULL, beat_at timestamptz NOT NULL, \
            token text NOT NULL) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 50, \
            autovacuum_vacuum_scale_factor = 0)
            """,
        ]
    }

    private var row: String { "SELECT seq, token FROM \(table) WHERE prober = '\(prober)'" }

    private var begin: String {
        let commit =
            switch settings.durability {
            case .local: "local"
            case .remote: "on"
            case .off: "off"
            }
        let patience = max(limit.microseconds * 3 / 4 / 1_000, 50)
        return """
            BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = '\(Self.lockPatience)'; \
            SET LOCAL statement_timeout = '\(patience)ms'; SET LOCAL synchronous_commit = \(commit)
            """
    }
}
