import VitalsCore
import VitalsEngine

/// The SQL that lets a user watch a MySQL or MariaDB server.
struct MySQLProvisioning: Sendable {
    let role: String
    /// Database and name.
    let table: [String]
    /// Whether the user that watches is the one who sets the server up, and needs only the table.
    let isForItself: Bool

    private var user: String { "'\(role)'@'%'" }
    private var name: String { MySQLHeartbeat.quoted(table) }

    /// Made so that nobody logs in as it before it has been given a password.
    private var grants: [String] {
        [
            "CREATE USER IF NOT EXISTS \(user) WITH MAX_USER_CONNECTIONS 3 ACCOUNT LOCK",
            "GRANT PROCESS, REPLICATION CLIENT ON *.* TO \(user)",
            "GRANT SELECT ON performance_schema.* TO \(user)",
        ]
    }

    private var replicaGrant: String { "GRANT SLAVE MONITOR ON *.* TO \(user)" }

    private var tableGrant: String { "GRANT SELECT, INSERT, UPDATE ON \(name) TO \(user)" }

    private var definition: [String] { MySQLHeartbeat.definition(of: table) }

    private var password: String { "ALTER USER \(user) IDENTIFIED BY '...' ACCOUNT UNLOCK" }

    var text: String {
        [
            Provisioning.section(
                """
                MySQL or MariaDB: the user that watches. To be run by an administrator. Then give it a
                password and let it in: \(password)
                """, grants),
            "-- MariaDB from 10.5.2 on, besides: \(replicaGrant);\n",
            Provisioning.section(
                "The table of the write probe: one row for each prober, for ever.", definition),
            Provisioning.section("No right to delete, and none to make anything.", [tableGrant]),
        ].joined(separator: "\n")
    }

    /// What this server is to be told, in order.
    func statements(for server: MySQLServer) -> [String] {
        guard !isForItself else { return definition }
        let hasReplicaGrant = server.isMariaDB && server.versionNumber >= 100_502
        return grants + (hasReplicaGrant ? [replicaGrant] : []) + definition + [tableGrant]
    }

    /// What is still to be done by hand.
    var remark: String { "if the user is new, give it a password and let it in: \(password)" }

    func steps(for server: MySQLServer) -> [MySQLStatement] {
        let texts = statements(for: server)
        return texts.enumerated().map { index, text in
            MySQLStatement(text: text, phase: .write) { answer, _ in
                guard case .error(let error) = answer else { return .goOn() }
                let cause = MySQLCause.of(error, at: .query)
                return .fault(
                    cause == .dbForbidden ? .privilege : cause, code: String(error.number),
                    message: "\(error.message), at statement \(index + 1) of \(texts.count): \(text)")
            }
        }
    }
}

extension Network {
    func mysqlProvisioning(
        _ target: String, _ role: String?, _ table: String?
    ) throws(TargetError) -> Provisioning {
        let probe = try MySQLProbe(parsing: target, loops: loops)
        let provisioning = MySQLProvisioning(
            role: try Provisioning.role(role ?? probe.user),
            table: try WriteSettings.table(table, usual: MySQLHeartbeat.usualTable),
            isForItself: role == nil || role == probe.user)
        return Provisioning(
            text: provisioning.text, applying: probe.applying(provisioning),
            remarks: provisioning.isForItself ? [] : [provisioning.remark], isAllOrNothing: false)
    }
}
