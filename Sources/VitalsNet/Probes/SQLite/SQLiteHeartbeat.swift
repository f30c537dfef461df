import VitalsCore

/// The row that a prober keeps in a database file: it is changed, committed and read back.
struct SQLiteHeartbeat: Sendable {
    let settings: WriteSettings
    let prober: String
    /// What is written, and must read back: never used before.
    let token: String
    /// Whether the table is made, and nothing is written.
    var isOnlyMade = false

    static let usualTable = ["_vitals_heartbeat"]

    private var name: String { settings.table[0] }
    private var table: String { "\"\(name)\"" }

    static func definition(of table: String) -> String {
        """
        CREATE TABLE IF NOT EXISTS "\(table)" (prober TEXT PRIMARY KEY CHECK (length(prober) <= 64), \
        seq INTEGER NOT NULL, beat_at TEXT NOT NULL, token TEXT NOT NULL) WITHOUT ROWID
        """
    }

    /// Takes the lock of a writer for as long as one row takes; what fails in between is rolled back with the
    /// connection.
    func write(_ connection: SQLiteConnection) throws(SQLiteFault) {
        _ = try connection.value("PRAGMA busy_timeout = 250", in: .write)
        let found = try connection.value(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '\(name)'", in: .write)
        if found == nil {
            guard settings.provisions else {
                throw SQLiteFault(
                    .notProvisioned, code: "SQLITE_ERROR",
                    "there is no table \(name) to write to: `vitals provision` prints what makes it")
            }
            _ = try connection.value(Self.definition(of: name), in: .write)
        }
        guard !isOnlyMade else { return }
        _ = try connection.value("BEGIN IMMEDIATE", in: .write)
        _ = try connection.value(
            """
            UPDATE \(table) SET seq = seq + 1, beat_at = \(Self.now), token = '\(token)' \
            WHERE prober = '\(prober)'
            """, in: .write)
        if try connection.value("SELECT changes()", in: .write) == "0" {
            _ = try connection.value(
                """
                INSERT INTO \(table) (prober, seq, beat_at, token) \
                VALUES ('\(prober)', 1, \(Self.now), '\(token)')
                """, in: .write)
        }
        _ = try connection.value("COMMIT", in: .write)
        let kept = try connection.value(
            "SELECT token FROM \(table) WHERE prober = '\(prober)'", in: .write)
        guard kept == token else {
            throw SQLiteFault(
                .conditionWarn, code: "token",
                "what was written was committed and does not read back: "
                    + (kept == nil ? "there is no row" : "the row holds something else")
                    + " (a trigger, or another prober of the same name?)")
        }
    }

    private static let now = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
}
