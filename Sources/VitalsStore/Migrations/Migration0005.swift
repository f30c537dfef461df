import GRDB

/// What pings: what was heard of each, and the pings themselves.
enum Migration0005 {
    static func addHeartbeats(_ database: Database) throws {
        for statement in [heartbeat, ping] { try database.execute(sql: statement) }
    }

    /// See `PackedHeartbeat`.
    private static let heartbeat = """
        CREATE TABLE heartbeat (
            health_check INTEGER PRIMARY KEY,
            packed BLOB NOT NULL
        ) STRICT
        """

    /// See `PackedPing`.
    private static let ping = """
        CREATE TABLE ping (
            health_check INTEGER NOT NULL,
            at_us INTEGER NOT NULL,
            packed BLOB NOT NULL,
            PRIMARY KEY (health_check, at_us)
        ) STRICT, WITHOUT ROWID
        """
}
