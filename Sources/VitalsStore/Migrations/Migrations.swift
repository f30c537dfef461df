import GRDB

/// The steps that bring a store up to date, in their order. A step that was released is never edited.
enum Migrations {
    private static let steps: [(number: Int, body: @Sendable (Database) throws -> Void)] = [
        (1, Migration0001.create),
        (2, Migration0002.addRegistrations),
        (3, Migration0003.addWindowsAndCooldowns),
        (4, Migration0004.addTiers),
        (5, Migration0005.addHeartbeats),
        (6, Migration0006.createResources),
        (7, Migration0007.addVitals),
        (8, Migration0008.addServerIdentifiers),
    ]

    static var known: Int { steps.last?.number ?? 0 }

    /// Carries out what is missing, each step in a transaction of its own.
    ///
    /// - Parameter last: the last of them. Default: all.
    static func apply(to database: any DatabaseWriter, through last: Int = known) throws {
        var migrator = DatabaseMigrator()
        for step in steps where step.number <= last {
            migrator.registerMigration(name(of: step.number), migrate: step.body)
        }
        try migrator.migrate(database)
    }

    /// The highest step that was ever carried out on this store; 0 for an empty one.
    static func found(in database: Database) throws -> Int {
        guard try database.tableExists("grdb_migrations") else { return 0 }
        let names = try String.fetchAll(database, sql: "SELECT identifier FROM grdb_migrations")
        return names.compactMap { Int($0.prefix(4)) }.max() ?? 0
    }

    private static func name(of number: Int) -> String {
        String("000\(number)".suffix(4))
    }
}
