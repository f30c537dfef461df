import GRDB

/// What the server of each health check calls itself, so that another one in its place is noticed after a
/// restart too.
enum Migration0008 {
    static func addServerIdentifiers(_ database: Database) throws {
        try database.execute(sql: "ALTER TABLE health_check ADD COLUMN server_identifier TEXT")
    }
}
