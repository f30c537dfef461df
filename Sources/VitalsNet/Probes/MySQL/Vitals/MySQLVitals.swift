import VitalsCore

/// What is measured of a MySQL or MariaDB server besides that it answers: one question a file.
enum MySQLVitals {
    /// What may have most to say comes last: an answer too long to be taken ends the asking.
    static let questions: [VitalQuestion] = [status, sessions, replication, group, sizes, binaryLogs]

    static let rules: [VitalRule] = questions.flatMap(\.rules) + [CertificateVital.rule]

    /// What changes from one minute to the next.
    static let quick = Duration.seconds(60)
    static let hourly = Duration.seconds(3_600)

    static let process = "GRANT PROCESS ON *.* TO CURRENT_USER"
    static let performanceSchema = "GRANT SELECT ON performance_schema.* TO CURRENT_USER"
    static let replicationClient = "GRANT REPLICATION CLIENT ON *.* TO CURRENT_USER"

    /// By which a server says that our user may not: not this database, table, or server-wide right.
    static let wantOfRights: Set<UInt16> = [1044, 1045, 1142, 1227]

    /// What is said to the session before anything is measured: how long it may wait, that times are those
    /// of the server, as InnoDB tells them, and as whom the server knows us.
    static func preparations(for server: DatabaseServer) -> [String] {
        // 5.7.8 and later; what MariaDB has goes with each statement.
        let hasLimit = server.flavour == .mysql && server.isAtLeast(5, 7, 8)
        let limit = hasLimit ? ", max_execution_time = 2000" : ""
        return [
            "SET SESSION lock_wait_timeout = 1, innodb_lock_wait_timeout = 1, time_zone = 'SYSTEM'\(limit)",
            "SELECT CURRENT_USER()",
        ]
    }

    /// A statement for MariaDB, with the time that it may take.
    static func bounded(_ statement: String) -> String {
        "SET STATEMENT max_statement_time = 2 FOR \(statement)"
    }

    /// An account as GRANT takes it.
    ///
    /// - Parameter account: `monitor@%`; a host has no `@` in it.
    static func quoted(_ account: String) -> String {
        let at = account.lastIndex(of: "@") ?? account.endIndex
        let host = at == account.endIndex ? "%" : String(account[account.index(after: at)...])
        return [String(account[..<at]), host].map { part in
            let escaped = part.map { $0 == "'" ? "''" : $0 == "\\" ? "\\\\" : String($0) }
            return "'\(escaped.joined())'"
        }
        .joined(separator: "@")
    }

    /// Where sessions are listed: from 8.0.22 on without stopping all of them for it.
    static func processes(of server: DatabaseServer) -> String {
        hasListOfItsOwn(server) ? "performance_schema.processlist" : "information_schema.PROCESSLIST"
    }

    static func hasListOfItsOwn(_ server: DatabaseServer) -> Bool {
        server.flavour == .mysql && server.isAtLeast(8, 0, 22)
    }
}
