import VitalsCore

/// The row that a prober keeps on a SQL Server, and the batches about it. None of them ever deletes or makes
/// anything, but those that provision.
struct SQLServerHeartbeat: Sendable, Equatable {
    let settings: WriteSettings
    let prober: String
    /// What is written, and must read back: never used before.
    let token: String
    /// How long writing may take.
    let limit: Duration

    /// No lock is waited for longer: see `SQLServerStatement.manners`.
    static let lockPatience = Duration.seconds(1)
    /// Schema and name.
    static let usualTable = ["vitals", "heartbeat"]

    /// As SQL writes it.
    var table: String { Self.quoted(settings.table) }
    /// As people do.
    var name: String { settings.table.joined(separator: ".") }

    static func quoted(_ names: [String]) -> String {
        names.map { "[\($0.replacing("]", with: "]]"))]" }.joined(separator: ".")
    }

    /// The token of before, if there is a row; and what was written.
    var row: String { "SELECT seq, token FROM \(table) WHERE prober = '\(prober)'" }

    /// Counted up, so that a row that is there always is one that was changed. What fails undoes all of it.
    var update: String {
        """
        SET XACT_ABORT ON; UPDATE \(table) SET seq = seq + 1, beat_at = SYSUTCDATETIME(), \
        token = '\(token)' WHERE prober = '\(prober)'
        """
    }

    /// Where there was no row.
    var insert: String {
        """
        SET XACT_ABORT ON; INSERT INTO \(table) (prober, seq, beat_at, token) \
        VALUES ('\(prober)', 1, SYSUTCDATETIME(), '\(token)')
        """
    }

    /// Whether there is a table that we may see anything of.
    var ground: String { "SELECT OBJECT_ID(N'\(table)', N'U') AS found" }

    /// Takes what the session of each run holds as long as it lives: one that nobody waits for any more lives
    /// on until its commit has ended. One that is just going is waited for.
    var lock: String {
        """
        DECLARE @taken int; EXEC @taken = sys.sp_getapplock @Resource = N'\(lockName)', \
        @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = 1000; SELECT @taken AS taken
        """
    }

    private var lockName: String {
        "vitals-" + String(StableHash.mix(StableHash.fnv1a("\(name)|\(prober)")), radix: 16)
    }

    /// What makes the table, batch by batch; twice does no harm.
    static func definition(of table: [String]) -> [String] {
        [
            "IF SCHEMA_ID(N'\(table[0])') IS NULL EXEC(N'CREATE SCHEMA \(quoted([table[0]]))')",
            """
            IF OBJECT_ID(N'\(quoted(table))', N'U') IS NULL CREATE TABLE \(quoted(table)) \
            (prober varchar(64) NOT NULL PRIMARY KEY CLUSTERED, seq bigint NOT NULL, \
            beat_at datetime2(3) NOT NULL, token varchar(64) NOT NULL)
            """,
        ]
    }
}
