import GRDB

/// What becomes of runs that are not kept one by one any more, and the ways to read episodes and
/// transitions of all health checks, newest first.
enum Migration0004 {
    static func addTiers(_ database: Database) throws {
        for statement in [tallies("hour"), tallies("day"), progress] + indices {
            try database.execute(sql: statement)
        }
    }

    /// The latencies are those of passes and warns, and null when there are none; `sketch` is an HdrHistogram
    /// of their microseconds in its form V2, uncompressed.
    private static func tallies(_ table: String) -> String {
        """
        CREATE TABLE \(table) (
            health_check INTEGER NOT NULL,
            start_us INTEGER NOT NULL,
            pass INTEGER NOT NULL,
            warn INTEGER NOT NULL,
            fail INTEGER NOT NULL,
            inconclusive INTEGER NOT NULL,
            missed INTEGER NOT NULL,
            latency_sum_us INTEGER,
            latency_min_us INTEGER,
            latency_max_us INTEGER,
            sketch BLOB,
            PRIMARY KEY (health_check, start_us)
        ) STRICT, WITHOUT ROWID
        """
    }

    /// What began before `until_us` is in the hours or days of every health check; of those up to the key
    /// `health_check` so is the hour or day that begins then.
    private static let progress = """
        CREATE TABLE rolled_up (
            tier TEXT NOT NULL PRIMARY KEY,
            until_us INTEGER NOT NULL,
            health_check INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """

    private static let indices = [
        "CREATE INDEX episode_by_age ON episode (opened_at_us)",
        "CREATE INDEX episode_open ON episode (opened_at_us) WHERE ended_at_us IS NULL",
        "CREATE INDEX transition_by_age ON transition (at_us)",
    ]
}
