import GRDB

/// The part of the configuration that people make by hand rather than in a file, and what they switched off.
enum Migration0006 {
    static func createResources(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE resource (
                    kind TEXT NOT NULL,
                    id TEXT NOT NULL,
                    body TEXT NOT NULL,
                    version INTEGER NOT NULL,
                    PRIMARY KEY (kind, id)
                ) STRICT, WITHOUT ROWID
                """)
    }
}
