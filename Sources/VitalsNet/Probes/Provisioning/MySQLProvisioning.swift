import VitalsCore
import VitalsEngine

/// The SQL that lets a user watch a MySQL or MariaDB server; to be run by hand.
enum MySQLProvisioning {
    static let usualTable = ["vitals", "heartbeat"]

    static func make(for role: String?, table: String?) throws(TargetError) -> Provisioning {
        let role = try Provisioning.role(role ?? "vitals")
        let names = try WriteSettings.table(table, usual: usualTable)
        let user = "'\(role)'@'%'"
        let name = names.map { "`\($0)`" }.joined(separator: ".")
        let text = [
            Provisioning.section(
                """
                MySQL or MariaDB: the user that watches. To be run by an administrator. Write a password in, \
                and the host that it comes from instead of '%'.
                """,
                [
                    "CREATE USER IF NOT EXISTS \(user) IDENTIFIED BY '...' WITH MAX_USER_CONNECTIONS 3",
                    "GRANT PROCESS, REPLICATION CLIENT ON *.* TO \(user)",
                    "GRANT SELECT ON performance_schema.* TO \(user)",
                ]),
            "-- MariaDB from 10.5 on, besides: GRANT SLAVE MONITOR ON *.* TO \(user);\n",
            Provisioning.section(
                "The table of the write probe: one row for each prober, for ever.",
                [
                    "CREATE DATABASE IF NOT EXISTS `\(names[0])`",
                    """
                    CREATE TABLE IF NOT EXISTS \(name) (prober VARCHAR(64) CHARACTER SET ascii PRIMARY KEY, \
                    seq BIGINT NOT NULL, beat_at DATETIME(6) NOT NULL, \
                    token VARCHAR(64) CHARACTER SET ascii NOT NULL) ENGINE=InnoDB
                    """,
                ]),
            Provisioning.section(
                "No right to delete, and none to make anything.",
                ["GRANT SELECT, INSERT, UPDATE ON \(name) TO \(user)"]),
        ].joined(separator: "\n")
        return Provisioning(text: text, applying: nil, remarks: [])
    }
}
