import VitalsCore

/// The statements that come before one that writes. What a server would not say of all that costs nothing
/// else.
extension MySQLStatement {
    static func bounds(_ heartbeat: MySQLHeartbeat, on server: MySQLServer) -> MySQLStatement {
        asking(heartbeat.bounds(isMariaDB: server.isMariaDB), "for limits of the session") { _, _ in }
    }

    /// - Parameter next: what follows once that is known.
    static func ground(_ heartbeat: MySQLHeartbeat, _ next: @escaping MySQLNext) -> MySQLStatement {
        asking(heartbeat.ground, "for the table of the write probe", next) { rows, server in
            server.ground.table = MySQLWriteGround.table(rows)
        }
    }

    /// Whether the session of an earlier run still lives; which one is only asked where it does.
    static func lock(_ heartbeat: MySQLHeartbeat, on server: MySQLServer) -> MySQLStatement {
        let list = MySQLVitals.processes(of: server.asDatabase())
        let holder = asking(heartbeat.holder(in: list), "who writes") { rows, server in
            server.ground.leftover = MySQLWriteGround.leftover(rows)
        }
        return asking(
            heartbeat.lock, "whether somebody writes",
            { server in .goOn(then: server.ground.leftover == nil ? [] : [holder]) },
            learn: { rows, server in
                if rows.first("taken") == "0" { server.ground.leftover = .unknown }
            })
    }

    /// Whether commits wait for replicas; for how many is only asked where they do.
    static let semiSync = asking(
        "SHOW GLOBAL STATUS LIKE 'rpl_semi_sync_%'", "for semi-synchronous replicas",
        { server in .goOn(then: server.ground.semiSync?.isOn == true ? [semiSyncVariables] : []) },
        learn: { rows, server in server.ground.semiSync = MySQLSemiSync(status: rows) })

    private static let semiSyncVariables = asking(
        "SHOW GLOBAL VARIABLES LIKE 'rpl_semi_sync_%'", "for how many replicas confirm a commit"
    ) { rows, server in
        server.ground.semiSync?.learn(variables: rows)
    }

    /// One that nothing but what is known depends on.
    ///
    /// - Parameter what: for people, after `asked`.
    private static func asking(
        _ text: String, _ what: String, _ next: @escaping MySQLNext = { _ in .goOn() },
        learn: @escaping @Sendable (MySQLRows, inout MySQLServer) -> Void
    ) -> MySQLStatement {
        MySQLStatement(text: text, phase: .session, limits: MySQLLimits(rows: 64, bytes: 65_536)) {
            answer, server in
            switch answer {
            case .rows(let rows): learn(rows, &server)
            case .done: break
            case .error(let error):
                guard isBorne(error) else { return .fault(error) }
                let note = "could not be asked \(what): \(error.message) (\(error.number))"
                return .goOn([.note(note)]).then(next(server))
            }
            return next(server)
        }
    }

    /// Whether a server goes on answering other statements after such an error.
    private static func isBorne(_ error: MySQLServerError) -> Bool {
        switch MySQLCause.of(error, at: .query) {
        case .shuttingDown, .backendUnavailable, .reset, .accountState, .protocolMismatch: false
        default: true
        }
    }
}
