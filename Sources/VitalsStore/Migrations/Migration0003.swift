import GRDB

/// What a window judges by: one letter a run, oldest first. Of those that are known already nobody kept it,
/// so that theirs begins empty.
enum Migration0003 {
    static func addRecentRuns(_ database: Database) throws {
        try database.execute(sql: "ALTER TABLE health_check ADD COLUMN recent TEXT NOT NULL DEFAULT ''")
    }
}
