import VitalsCore

/// What follows once it is known which part a server has.
typealias MySQLNext = @Sendable (MySQLServer) -> MySQLConclusion

/// The statements that tell which part a server has. One that cannot say it costs that fact, not the verdict.
extension MySQLStatement {
    /// Whom it follows: one row for each, whose columns have other names from one version to the next.
    static func following(
        of server: MySQLServer, _ demand: MySQLDemand, in phase: Phase, _ next: @escaping MySQLNext
    ) -> MySQLStatement {
        let text =
            server.isMariaDB
            ? "SHOW ALL SLAVES STATUS"
            : server.versionNumber >= 80_022 ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS"
        return MySQLStatement(text: text, phase: phase, limits: MySQLLimits(rows: 256, bytes: 128 << 10)) {
            answer, server in
            switch answer {
            case .rows(let rows):
                server.standing?.following = following(rows)
                guard server.standing?.isReadOnly == true, server.standing?.following == .nobody,
                    !server.isMariaDB
                else { return .goOn(stand(&server, demand)).then(next(server)) }
                return .goOn(then: [group(demand, in: phase, next)])
            case .done: return .goOn(stand(&server, demand)).then(next(server))
            case .error(let error):
                return bearing(error, "whom the server follows") {
                    .goOn(stand(&server, demand)).then(next(server))
                }
            }
        }
    }

    /// Whether the server is one of a replication group, whose channels are not told by the statement above.
    private static func group(
        _ demand: MySQLDemand, in phase: Phase, _ next: @escaping MySQLNext
    ) -> MySQLStatement {
        MySQLStatement(text: "SHOW GLOBAL VARIABLES LIKE 'group_replication_group_name'", phase: phase) {
            answer, server in
            switch answer {
            case .rows(let rows):
                server.standing?.isInGroup = rows.values.contains { ($0.text(1) ?? "") != "" }
                return .goOn(stand(&server, demand)).then(next(server))
            case .done: return .goOn(stand(&server, demand)).then(next(server))
            case .error(let error):
                return bearing(error, "whether the server is in a group") {
                    .goOn(stand(&server, demand)).then(next(server))
                }
            }
        }
    }

    /// Decides which part the server has, and says so.
    static func stand(_ server: inout MySQLServer, _ demand: MySQLDemand) -> [ProbeStep] {
        guard var standing = server.standing else { return [] }
        // MariaDB has no such groups.
        if server.isMariaDB { standing.isInGroup = false }
        let role = standing.role(wanted: demand.role)
        server.role = role
        let isReadOnly: [ProbeStep] = role == .readOnlyPrimary ? [.fact(.readOnly, .text("on"))] : []
        return [.fact(.role, .text(role == .replica ? "replica" : "primary"))] + isReadOnly
    }

    /// What follows from an error that is no verdict by itself: the server merely cannot or may not answer.
    ///
    /// - Parameter what: was asked.
    static func bearing(
        _ error: MySQLServerError, _ what: String, _ otherwise: () -> MySQLConclusion
    ) -> MySQLConclusion {
        switch MySQLCause.of(error, at: .query) {
        case .unexpectedReply, .privilege, .notProvisioned:
            let note = ProbeStep.note("\(what) could not be asked: \(error.message) (\(error.number))")
            return .goOn([note]).then(otherwise())
        default: return .fault(error)
        }
    }

    private static func following(_ rows: MySQLRows) -> MySQLStanding.Following {
        let threads = ["Replica_IO_Running", "Replica_SQL_Running", "Slave_IO_Running", "Slave_SQL_Running"]
            .compactMap { rows.columns.firstIndex(of: $0) }
        guard !rows.values.isEmpty else { return .nobody }
        // `Yes`, `Connecting`, `Preparing`: whatever is not stopped.
        let isRunning = rows.values.contains { row in threads.contains { row.text($0) != "No" } }
        return isRunning ? .running : .stopped
    }
}
