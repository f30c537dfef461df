import VitalsCore

/// What a session has learned of the server it is with.
struct PostgresServerIdentity: Equatable {
    /// ParameterStatus: `15.18 (Debian 15.18-0+deb12u1)`.
    var version = ""
    /// ParameterStatus, 14 on: `on` or `off`.
    var inHotStandby = ""
    /// As it answered; nothing before that, or when it would not.
    var isReplica: Bool?
    /// As whom we log in.
    var user: String?
    /// BackendKeyData.
    var key: PostgresBackendKey?

    /// `15.18`; nothing if the server has not said.
    var shortVersion: String? {
        let short = version.prefix { $0 != " " }.prefix(40)
        return short.isEmpty ? nil : String(short)
    }

    /// What statements are chosen by.
    var asDatabase: DatabaseServer {
        DatabaseServer(
            isPoolerConsole ? .pgbouncer : .postgres, DatabaseServer.Version(version), isReplica: isReplica,
            user: user)
    }

    /// Whether this is PgBouncer's own console, which takes SHOW and nothing else.
    var isPoolerConsole: Bool { version.hasSuffix("/bouncer") }

    mutating func learn(_ name: String, _ value: String) {
        switch name {
        case "server_version": version = value
        case "in_hot_standby": inHotStandby = value
        default: break
        }
    }
}

/// The question who a server is, and what its answer means.
enum PostgresIdentityQuery {
    /// One round trip for both. They are separate statements, the one that may be forbidden (a hosted server)
    /// or missing (something that merely speaks the protocol) last: what the first one answered stands by
    /// then.
    static let text = """
        SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.pg_backend_pid(); \
        SELECT system_identifier FROM pg_catalog.pg_control_system()
        """

    /// - Parameter rows: what came, in order; less than both when a statement failed.
    static func steps(rows: [[String?]], of server: PostgresServerIdentity) -> [ProbeStep] {
        var steps: [ProbeStep] = []
        let first = rows.first ?? []
        if let isReplica = isReplica(rows: rows, of: server) {
            steps.append(.fact(.role, .text(isReplica ? "replica" : "primary")))
        }
        if rows.count > 1, let identifier = rows[1].first ?? nil, UInt64(identifier) != nil {
            steps.append(.fact(.systemIdentifier, .text(identifier)))
        }
        // A pooler hides the server's process behind a number of its own.
        if first.count > 1, let process = first[1], let known = server.key?.processID,
            process != String(known)
        {
            steps += [.fact(.pooler, .text("in_between")), .note("answered through a pooler")]
        }
        return steps
    }

    /// Whether it follows another server; nothing: it has not said.
    static func isReplica(rows: [[String?]], of server: PostgresServerIdentity) -> Bool? {
        switch (rows.first?.first ?? nil, server.inHotStandby) {
        case ("t", _), (nil, "on"): true
        case ("f", _), (nil, "off"): false
        default: nil
        }
    }

    /// Whether the server merely cannot or may not answer: not there, not allowed, not supported.
    static func isBearable(_ error: PostgresServerError) -> Bool {
        guard !error.isFatal else { return false }
        return ["42", "0A", "22"].contains(error.code.prefix(2)) || error.code == "XX000"
    }
}
