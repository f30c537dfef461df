import GRDB

/// What is measured of targets besides: the latest of each health check, and what each run measured.
enum Migration0007 {
    static func addVitals(_ database: Database) throws {
        for statement in [known, name, vital] { try database.execute(sql: statement) }
    }

    /// See `PackedKnownVitals`.
    private static let known = """
        CREATE TABLE known_vitals (
            health_check INTEGER PRIMARY KEY,
            packed BLOB NOT NULL
        ) STRICT
        """

    /// So that a row of `vital` need not spell them.
    private static let name = """
        CREATE TABLE vital_name (
            key INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        ) STRICT
        """

    /// See `PackedVitals`.
    private static let vital = """
        CREATE TABLE vital (
            health_check INTEGER NOT NULL,
            at_us INTEGER NOT NULL,
            packed BLOB NOT NULL,
            PRIMARY KEY (health_check, at_us)
        ) STRICT, WITHOUT ROWID
        """
}
