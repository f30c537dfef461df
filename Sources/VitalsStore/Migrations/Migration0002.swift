import GRDB

/// Since when a health check is as it is: slots and runs of before are not its own. Of those that are known
/// already nobody wrote it down, so that all of theirs are.
enum Migration0002 {
    static func addRegistrations(_ database: Database) throws {
        try database.execute(
            sql: "ALTER TABLE health_check ADD COLUMN registered_us INTEGER NOT NULL DEFAULT 0")
    }
}
