import VitalsCore
import VitalsEngine

/// The SQL that lets a user watch a database of a SQL Server.
struct SQLServerProvisioning: Sendable {
    let role: String
    /// Schema and name.
    let table: [String]
    /// Whether the user that watches is the one who sets the server up, and needs only the table.
    let isForItself: Bool

    private var user: String { SQLServerHeartbeat.quoted([role]) }
    private var name: String { SQLServerHeartbeat.quoted(table) }

    /// Made so that nobody logs in as it before it has been given a password: with one that nobody knows, and
    /// disabled.
    private var login: String {
        """
        IF SUSER_ID(N'\(role)') IS NULL BEGIN DECLARE @secret nvarchar(128) = \
        CONVERT(nvarchar(36), NEWID()) + N'aA1!' + CONVERT(nvarchar(36), NEWID()); \
        EXEC(N'CREATE LOGIN \(user) WITH PASSWORD = N''' + @secret + N''''); \
        EXEC(N'ALTER LOGIN \(user) DISABLE') END
        """
    }

    /// Rights on the server are granted in `master` only. From 2022 on there is a narrower one.
    private var serverGrants: [String] {
        [
            """
            IF CONVERT(int, PARSENAME(CONVERT(nvarchar(128), SERVERPROPERTY('ProductVersion')), 4)) >= 16 \
            EXEC master.sys.sp_executesql N'GRANT VIEW SERVER PERFORMANCE STATE TO \(user)' \
            ELSE EXEC master.sys.sp_executesql N'GRANT VIEW SERVER STATE TO \(user)'
            """,
            """
            EXEC msdb.sys.sp_executesql N'IF USER_ID(N''\(role)'') IS NULL CREATE USER \(user) FOR LOGIN \
            \(user); GRANT SELECT ON dbo.backupset TO \(user); GRANT SELECT ON dbo.suspect_pages TO \(user)'
            """,
        ]
    }

    private var member: String {
        "IF USER_ID(N'\(role)') IS NULL CREATE USER \(user) FOR LOGIN \(user)"
    }

    private var tableGrant: String { "GRANT SELECT, INSERT, UPDATE ON \(name) TO \(user)" }

    private var definition: [String] { SQLServerHeartbeat.definition(of: table) }

    private var password: String { "ALTER LOGIN \(user) WITH PASSWORD = N'...'; ALTER LOGIN \(user) ENABLE" }

    var text: String {
        [
            Provisioning.section(
                """
                SQL Server: the login that watches, and its user in the database. To be run by an
                administrator, in the database. Then give the login a password and let it in: \(password)
                """, [login, member] + serverGrants),
            """
            -- Azure SQL Database, instead of all of that, with a password of your own:
            -- CREATE USER \(user) WITH PASSWORD = N'...'; GRANT VIEW DATABASE STATE TO \(user);

            """,
            Provisioning.section(
                "The table of the write probe: one row for each prober, for ever.", definition),
            Provisioning.section("No right to delete, and none to make anything.", [tableGrant]),
        ].joined(separator: "\n")
    }

    /// What this server is to be told, in order.
    func statements(for server: SQLServerServer) -> [String] {
        guard !isForItself else { return definition }
        let grants =
            server.isAzureDatabase
            ? ["GRANT VIEW DATABASE STATE TO \(user)"] : [login, member] + serverGrants
        return grants + definition + [tableGrant]
    }

    /// What is still to be done by hand.
    var remark: String { "if the login is new, give it a password and let it in: \(password)" }

    func steps(for server: SQLServerServer) -> [SQLServerStatement] {
        let texts = statements(for: server)
        return texts.enumerated().map { index, text in
            SQLServerStatement(text: text, phase: .write) { answer, _ in
                guard let error = answer.error else { return .goOn() }
                return .fault(
                    SQLServerVerdict(
                        SQLServerCause.of(error, at: .query), code: error.code,
                        "\(error.reason), at statement \(index + 1) of \(texts.count): \(text)"))
            }
        }
    }
}

extension Network {
    func sqlServerProvisioning(
        _ target: String, _ role: String?, _ table: String?
    ) throws(TargetError) -> Provisioning {
        let probe = try SQLServerProbe(parsing: target, loops: loops)
        let provisioning = SQLServerProvisioning(
            role: try Provisioning.role(role ?? probe.user),
            table: try WriteSettings.table(table, usual: SQLServerHeartbeat.usualTable),
            isForItself: role == nil || role == probe.user)
        return Provisioning(
            text: provisioning.text, applying: probe.applying(provisioning),
            remarks: provisioning.isForItself ? [] : [provisioning.remark], isAllOrNothing: false)
    }
}
