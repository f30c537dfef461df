import VitalsCore

/// The statements of every run.
extension MySQLStatement {
    /// Who the server is, and which part it has. One that cannot say it costs facts, not the verdict.
    ///
    /// - Parameter next: what follows once that is known.
    static func identity(
        of server: MySQLServer, for demand: MySQLDemand = MySQLDemand(), in phase: Phase = .session,
        _ next: @escaping MySQLNext = { _ in .goOn() }
    ) -> MySQLStatement {
        // A variable that a server does not know spoils the whole statement.
        let hasSuperReadOnly = !server.isMariaDB && server.versionNumber >= 50_708
        let identifier = server.isMariaDB ? "@@server_id" : "@@server_uuid"
        let columns = [
            "@@version_comment AS comment", "\(identifier) AS identifier", "@@read_only AS read_only",
            "@@innodb_read_only AS engine_read_only",
            hasSuperReadOnly ? "@@super_read_only AS super_read_only" : "0 AS super_read_only",
        ]
        return MySQLStatement(text: "SELECT " + columns.joined(separator: ", "), phase: phase) {
            answer, server in
            switch answer {
            case .rows(let rows):
                let flavour = learn(rows, &server)
                let identifier = rows.first("identifier").flatMap { $0.isEmpty ? nil : $0 }
                let named = identifier.map { [ProbeStep.fact(.systemIdentifier, .text($0))] } ?? []
                let isWritten = demand.heartbeat != nil
                if server.standing?.isUnclear(wanted: demand.role, isWritten: isWritten) == true {
                    return .goOn(flavour + named, then: [following(of: server, demand, in: phase, next)])
                }
                let part = stand(&server, demand)
                return .goOn(flavour + part + named).then(next(server))
            case .done: return .unexpected("the server sent no rows when asked who it is")
            case .error(let error): return bearing(error, "who the server is") { next(server) }
            }
        }
    }

    /// Proves that something can be read, whatever the user may see.
    static let read = reading { _ in .goOn() }

    /// The same.
    ///
    /// - Parameter next: what follows from that.
    static func reading(_ next: @escaping MySQLNext) -> MySQLStatement {
        MySQLStatement(text: "SELECT 1", phase: .read) { answer, server in
            switch answer {
            case .rows(let rows) where rows.values == [["1"]]: next(server)
            case .error(let error): .fault(error)
            default: .unexpected("the server answered SELECT 1 with something else than 1")
            }
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

    private static func learn(_ rows: MySQLRows, _ server: inout MySQLServer) -> [ProbeStep] {
        let before = server.flavour
        server.learn(comment: rows.first("comment") ?? "")
        let isOn = ["read_only", "engine_read_only", "super_read_only"].compactMap { rows.first($0) }
            .map { !["0", "OFF"].contains($0) }
        if isOn.count == 3 {
            server.standing = MySQLStanding(isReadOnly: isOn.contains(true), isEngineReadOnly: isOn[1])
        }
        return server.flavour == before ? [] : [.fact(.serverFlavour, .text(server.flavour.rawValue))]
    }
}
