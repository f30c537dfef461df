import GRDB

/// The first form of the store.
///
/// Instants are microseconds since the Unix epoch, but in `run`, where they are counted from the beginning of
/// 2029: so they take six bytes rather than eight from 2024 to 2033, on a row that may take forty.
enum Migration0001 {
    static func create(_ database: Database) throws {
        for statement in healthChecks + history + alerts {
            try database.execute(sql: statement)
        }
    }

    private static let healthChecks = [
        """
        CREATE TABLE health_check (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            system TEXT NOT NULL,
            check_id TEXT NOT NULL,
            revision TEXT NOT NULL,
            interval_us INTEGER NOT NULL,
            enabled INTEGER NOT NULL,
            removed INTEGER NOT NULL DEFAULT 0,
            state TEXT NOT NULL DEFAULT 'unknown',
            since_us INTEGER,
            stale INTEGER NOT NULL DEFAULT 0,
            failures INTEGER NOT NULL DEFAULT 0,
            successes INTEGER NOT NULL DEFAULT 0,
            non_passes INTEGER NOT NULL DEFAULT 0,
            has_warn INTEGER NOT NULL DEFAULT 0,
            has_passed INTEGER NOT NULL DEFAULT 0,
            auth_failures INTEGER NOT NULL DEFAULT 0,
            episode TEXT
        ) STRICT
        """
    ]

    /// `run` has no other index, and its columns are as few as can be: see `PackedRun`.
    private static let history = [
        """
        CREATE TABLE run (
            health_check INTEGER NOT NULL,
            since_2029_us INTEGER NOT NULL,
            packed BLOB NOT NULL,
            PRIMARY KEY (health_check, since_2029_us)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE evidence (
            health_check INTEGER NOT NULL,
            at_us INTEGER NOT NULL,
            packed BLOB NOT NULL,
            PRIMARY KEY (health_check, at_us)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE miss (
            health_check INTEGER NOT NULL,
            from_us INTEGER NOT NULL,
            to_us INTEGER NOT NULL,
            count INTEGER NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (health_check, from_us)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE transition (
            health_check INTEGER NOT NULL,
            at_us INTEGER NOT NULL,
            from_state TEXT NOT NULL,
            to_state TEXT NOT NULL,
            PRIMARY KEY (health_check, at_us, to_state)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE episode (
            id TEXT NOT NULL PRIMARY KEY,
            health_check INTEGER NOT NULL,
            opened_at_us INTEGER NOT NULL,
            ended_at_us INTEGER,
            reason TEXT
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX episode_by_health_check ON episode (health_check, opened_at_us)",
        "CREATE TABLE last_prune (only INTEGER PRIMARY KEY CHECK (only = 1), at_us INTEGER NOT NULL) STRICT",
    ]

    /// A notification with `status` pending has exactly one delivery that is pending: the attempt to come.
    private static let alerts = [
        """
        CREATE TABLE page (
            health_check INTEGER NOT NULL,
            channel TEXT NOT NULL,
            episode TEXT NOT NULL,
            tells_recovery INTEGER NOT NULL,
            told TEXT,
            PRIMARY KEY (health_check, channel)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE notification (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            channel TEXT NOT NULL,
            kind TEXT NOT NULL,
            at_us INTEGER NOT NULL,
            created_at_us INTEGER NOT NULL,
            episode TEXT,
            health_check INTEGER,
            body TEXT NOT NULL,
            status TEXT NOT NULL DEFAULT 'pending',
            attempts INTEGER NOT NULL DEFAULT 0,
            next_attempt_at_us INTEGER
        ) STRICT
        """,
        "CREATE INDEX notification_pending ON notification (key) WHERE status = 'pending'",
        "CREATE INDEX notification_by_age ON notification (created_at_us)",
        """
        CREATE TABLE delivery (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            notification INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            at_us INTEGER NOT NULL,
            status TEXT NOT NULL,
            http_status INTEGER,
            error TEXT,
            next_attempt_at_us INTEGER,
            UNIQUE (notification, attempt)
        ) STRICT
        """,
    ]
}
