import GRDB

/// What windows judge by, and from when cooldowns count. Of what is known already nobody kept either, so that
/// windows begin empty, and no cooldown is under way.
enum Migration0003 {
    static func addWindowsAndCooldowns(_ database: Database) throws {
        // One letter a run, oldest first.
        try database.execute(sql: "ALTER TABLE health_check ADD COLUMN recent TEXT NOT NULL DEFAULT ''")
        try database.execute(
            sql: """
                CREATE TABLE cooldown (
                    health_check INTEGER NOT NULL,
                    channel TEXT NOT NULL,
                    delivered_at_us INTEGER NOT NULL,
                    PRIMARY KEY (health_check, channel)
                ) STRICT, WITHOUT ROWID
                """)
    }
}
