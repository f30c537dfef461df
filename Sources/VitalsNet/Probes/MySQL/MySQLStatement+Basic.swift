import VitalsCore

/// The statements of every run.
extension MySQLStatement {
    /// Who the server is. One that cannot say it costs facts, not the verdict.
    static func identity(of server: MySQLServer) -> MySQLStatement {
        // A variable that a server does not know spoils the whole statement.
        let hasSuperReadOnly = !server.isMariaDB && server.versionNumber >= 50_708
        let identifier = server.isMariaDB ? "@@server_id" : "@@server_uuid"
        let columns = [
            "@@version_comment AS comment", "\(identifier) AS identifier", "@@read_only AS read_only",
            "@@innodb_read_only AS engine_read_only",
            hasSuperReadOnly ? "@@super_read_only AS super_read_only" : "0 AS super_read_only",
        ]
        return MySQLStatement(text: "SELECT " + columns.joined(separator: ", "), phase: .session) {
            answer, server in
            switch answer {
            case .rows(let rows): .goOn(facts(rows, &server))
            case .done: .unexpected("the server sent no rows when asked who it is")
            case .error(let error): bearing(error)
            }
        }
    }

    /// Proves that something can be read, whatever the user may see.
    static let read = MySQLStatement(text: "SELECT 1", phase: .read) { answer, _ in
        switch answer {
        case .rows(let rows) where rows.values == [["1"]]: .goOn()
        case .error(let error): .fault(error)
        default: .unexpected("the server answered SELECT 1 with something else than 1")
        }
    }

    /// Ends a statement of another session of ours, if that session is still at it: behind something that
    /// shares its connections out, another one may have its number.
    ///
    /// - Parameter text: the statement's.
    static func kill(_ connection: UInt32, at text: String) -> MySQLStatement {
        let hexadecimal = text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let question =
            "SELECT COUNT(*) FROM information_schema.PROCESSLIST "
            + "WHERE ID = \(connection) AND INFO = x'\(hexadecimal)'"
        return MySQLStatement(text: question, phase: .session, isAbandonedAtDeadline: false) { answer, _ in
            guard case .rows(let rows) = answer, rows.values == [["1"]] else { return .goOn() }
            return .goOn(then: [kill(connection)])
        }
    }

    private static func kill(_ connection: UInt32) -> MySQLStatement {
        MySQLStatement(
            text: "KILL QUERY \(connection)", phase: .session, isAbandonedAtDeadline: false
        ) { _, _ in .goOn() }
    }

    private static func facts(_ rows: MySQLRows, _ server: inout MySQLServer) -> [ProbeStep] {
        let before = server.flavour
        server.learn(comment: rows.first("comment") ?? "")
        var steps: [ProbeStep] =
            server.flavour == before ? [] : [.fact(.serverFlavour, .text(server.flavour.rawValue))]
        let flags = ["read_only", "engine_read_only", "super_read_only"].compactMap { rows.first($0) }
        if flags.count == 3 {
            let isReadOnly = flags.contains { !["0", "OFF"].contains($0) }
            server.isReplica = isReadOnly
            steps.append(.fact(.role, .text(isReadOnly ? "replica" : "primary")))
        }
        if let identifier = rows.first("identifier"), !identifier.isEmpty {
            steps.append(.fact(.systemIdentifier, .text(identifier)))
        }
        return steps
    }

    /// Whether the server merely cannot or may not answer.
    private static func bearing(_ error: MySQLServerError) -> MySQLConclusion {
        switch MySQLCause.of(error, at: .query) {
        case .unexpectedReply, .privilege, .notProvisioned:
            let note = "who the server is could not be asked: \(error.message) (\(error.number))"
            return .goOn([.note(note)])
        default: return .fault(error)
        }
    }
}
