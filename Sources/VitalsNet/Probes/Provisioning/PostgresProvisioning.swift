import VitalsCore
import VitalsEngine

/// The SQL that lets a role watch a PostgreSQL server.
struct PostgresProvisioning {
    let role: String
    let database: String
    /// Schema and name.
    let table: [String]

    private var quotedRole: String { PostgresHeartbeat.quoted([role]) }
    private var quotedTable: String { PostgresHeartbeat.quoted(table) }

    /// The role, and what it may see.
    var grants: [String] {
        [
            """
            DO $vitals$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '\(role)') \
            THEN CREATE ROLE \(quotedRole) LOGIN CONNECTION LIMIT 3; END IF; END $vitals$
            """,
            "GRANT CONNECT ON DATABASE \(PostgresHeartbeat.quoted([database])) TO \(quotedRole)",
            "GRANT pg_monitor TO \(quotedRole)",
            """
            DO $vitals$ BEGIN IF EXISTS (SELECT FROM pg_catalog.pg_roles \
            WHERE rolname = 'pg_use_reserved_connections') \
            THEN GRANT pg_use_reserved_connections TO \(quotedRole); END IF; END $vitals$
            """,
        ]
    }

    var definition: [String] { PostgresHeartbeat.definition(of: table) }

    /// What writing the row takes, and nothing else.
    var tableGrants: [String] {
        [
            "GRANT USAGE ON SCHEMA \(PostgresHeartbeat.quoted([table[0]])) TO \(quotedRole)",
            "GRANT SELECT, INSERT, UPDATE ON \(quotedTable) TO \(quotedRole)",
        ]
    }

    var text: String {
        [
            Provisioning.section(
                """
                PostgreSQL: the role that watches. To be run by a superuser, in the database \(database).
                Then give the role a password, in psql: \\password \(role)
                """, grants),
            Provisioning.section(
                """
                The table of the write probe: one row for each prober, for ever. Logical replication and audit
                triggers see it: leave the schema out of publications for all tables.
                """, definition),
            Provisioning.section("No right to delete, and none to make anything.", tableGrants),
        ].joined(separator: "\n")
    }
}

extension Network {
    func postgresProvisioning(
        _ target: String, _ role: String?, _ table: String?
    ) throws(TargetError) -> Provisioning {
        let probe = try PostgresProbe(parsing: target, loops: loops, keys: scramKeys)
        let provisioning = PostgresProvisioning(
            role: try Provisioning.role(role ?? probe.user), database: try Provisioning.role(probe.database),
            table: try WriteSettings.table(table, usual: PostgresProbe.usualTable))
        // Whoever makes the table owns it, and has to be granted nothing.
        let isForItself = provisioning.role == probe.user
        let statements =
            isForItself
            ? provisioning.definition
            : provisioning.grants + provisioning.definition + provisioning.tableGrants
        let password = "give \(provisioning.role) a password if it has none: \\password in psql"
        return Provisioning(
            text: provisioning.text, applying: probe.applying(statements.joined(separator: "; ")),
            remarks: isForItself ? [] : [password])
    }
}
