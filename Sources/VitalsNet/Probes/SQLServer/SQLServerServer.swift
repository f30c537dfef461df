import VitalsCore

/// What a session has learned of the server it is with: what statements are chosen by.
struct SQLServerServer: Sendable, Equatable {
    /// `16.0.4105`, or with a fourth number once it has said more of itself.
    var version: String
    /// `SERVERPROPERTY('EngineEdition')`; 0: it has not said.
    var engine = 0
    /// `Developer Edition (64-bit)`; empty: it has not said.
    var edition = ""
    /// Whether the database takes writes; nothing: it has not said.
    var isUpdatable: Bool?
    /// Whether it is the database itself that is set to be read-only, and not the place that it stands at.
    var isSetReadOnly = false
    /// Whether the database belongs to an availability group.
    var isInGroup = false
    /// Whether there is a table to write to; nothing: not known.
    var hasTable: Bool?
    /// Whether the session of an earlier run still holds what each run holds.
    var hasLeftover = false

    /// Without the word that all of them end with.
    var flavour: String {
        switch engine {
        case 5: "Azure SQL Database"
        case 6, 11: "Azure Synapse Analytics"
        case 8: "Azure SQL Managed Instance"
        default:
            edition.isEmpty
                ? "SQL Server" : "SQL Server " + edition.replacing(" (64-bit)", with: "").prefix(100)
        }
    }

    /// Which part it has; nothing: not known.
    var role: ServerRole? {
        isUpdatable.map { $0 ? .primary : isSetReadOnly ? .readOnlyPrimary : .replica }
    }

    var isAzureDatabase: Bool { engine == 5 }

    /// The server as statements for what is measured are chosen by.
    ///
    /// - Parameter user: as whom we are logged in.
    func asDatabase(user: String) -> DatabaseServer {
        DatabaseServer(
            isAzureDatabase ? .azuresql : .sqlserver, DatabaseServer.Version(version),
            isReplica: role.map { $0 == .replica }, user: user)
    }
}

/// What a server answered to a batch.
struct SQLServerAnswer: Sendable, Equatable {
    var columns: [VitalQuestion.Column] = []
    /// Of the first result that has columns.
    var rows: [[String?]] = []
    /// Of the last statement that counted any.
    var changedRows: UInt64?
    /// Of several the one that says most.
    var error: SQLServerError?
    /// Whether rows were passed over because there were too many bytes of them.
    var hasTooMuch = false

    /// What the first row has in a column, by name; nothing too if there is no such column.
    func first(_ column: String) -> String? {
        guard let index = columns.firstIndex(where: { $0.name == column }), let row = rows.first else {
            return nil
        }
        return row[index]
    }
}

/// How much of an answer is kept.
struct SQLServerLimits: Sendable, Equatable {
    var rows = 1_000
    /// Of all values together.
    var bytes = 128 << 10
}
