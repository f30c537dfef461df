import VitalsCore

/// What follows once it is known which part a server has.
typealias SQLServerNext = @Sendable (SQLServerServer) -> SQLServerConclusion

/// The batches of every run.
extension SQLServerStatement {
    /// The session's own limits: no lock is waited for longer than a second, and of two that block each other
    /// it is we who give way. Said with the first batch, they hold for all that follow.
    static let manners = "SET LOCK_TIMEOUT 1000; SET DEADLOCK_PRIORITY -10;"

    /// Who the server is, and which part its database has. One that cannot say it costs facts, not the
    /// verdict.
    ///
    /// A secondary of a group and a standby are not updatable while nobody has set the database itself to be
    /// read-only. `DB_NAME` rather than `DB_ID`, which of Azure is another one than its list has.
    static func identity(
        in phase: Phase = .session, _ next: @escaping SQLServerNext = { _ in .goOn() }
    ) -> SQLServerStatement {
        let columns = [
            "CONVERT(nvarchar(128), SERVERPROPERTY('ProductVersion')) AS version",
            "CONVERT(nvarchar(128), SERVERPROPERTY('Edition')) AS edition",
            "CONVERT(int, SERVERPROPERTY('EngineEdition')) AS engine",
            "CONVERT(nvarchar(60), DATABASEPROPERTYEX(DB_NAME(), 'Status')) AS status",
            "CONVERT(nvarchar(60), DATABASEPROPERTYEX(DB_NAME(), 'Updateability')) AS updateability",
            "CONVERT(int, d.is_read_only) AS read_only",
            "CASE WHEN d.replica_id IS NULL THEN 0 ELSE 1 END AS in_group",
            "CONVERT(nvarchar(36), d.service_broker_guid) AS identifier",
        ]
        let text =
            "\(manners) SELECT \(columns.joined(separator: ", ")) FROM (SELECT 1 AS one) AS o "
            + "LEFT JOIN sys.databases AS d ON d.name = DB_NAME()"
        return SQLServerStatement(text: text, phase: phase) { answer, server in
            if let error = answer.error {
                return bearing(error, "who the server is") { next(server) }
            }
            guard answer.rows.count == 1 else {
                return .unexpected("the server did not answer with one row when asked who it is")
            }
            return .goOn(learn(answer, &server)).then(judge(answer.first("status")) { next(server) })
        }
    }

    /// Proves that something can be read, whatever the user may see.
    static func reading(_ next: @escaping SQLServerNext = { _ in .goOn() }) -> SQLServerStatement {
        SQLServerStatement(text: "SELECT 1", phase: .read) { answer, server in
            if let error = answer.error { return .fault(error) }
            guard answer.rows == [["1"]] else {
                return .unexpected("the server answered SELECT 1 with something else than 1")
            }
            return next(server)
        }
    }

    /// What follows from an error that is no verdict by itself: the server merely cannot or may not answer.
    ///
    /// - Parameter what: was asked.
    static func bearing(
        _ error: SQLServerError, _ what: String, _ otherwise: () -> SQLServerConclusion
    ) -> SQLServerConclusion {
        switch SQLServerCause.of(error, at: .query) {
        case .unexpectedReply, .privilege, .notProvisioned, .lockTimeout:
            guard error.severity < 20 else { return .fault(error) }
            let note = ProbeStep.note("\(what) could not be asked: \(error.reason) (\(error.number))")
            return .goOn([note]).then(otherwise())
        default: return .fault(error)
        }
    }

    private static func learn(_ answer: SQLServerAnswer, _ server: inout SQLServerServer) -> [ProbeStep] {
        if let version = answer.first("version"), !version.isEmpty {
            server.version = String(version.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }.prefix(20))
        }
        server.edition = Printable.prefix(answer.first("edition") ?? "", bytes: 100)
        server.engine = answer.first("engine").flatMap { Int($0) } ?? 0
        switch answer.first("updateability") {
        case "READ_WRITE": server.isUpdatable = true
        case "READ_ONLY": server.isUpdatable = false
        default: break
        }
        server.isSetReadOnly = answer.first("read_only") == "1"
        server.isInGroup = answer.first("in_group") == "1"
        // Of the system's own databases it is the same everywhere.
        let identifier = answer.first("identifier").flatMap { text in
            text.allSatisfy { $0 == "0" || $0 == "-" } ? nil : text
        }
        let named = identifier.map { [ProbeStep.fact(.systemIdentifier, .text($0))] } ?? []
        return [
            .fact(.serverVersion, .text(server.version)), .fact(.serverFlavour, .text(server.flavour)),
        ] + part(of: server) + named
    }

    private static func part(of server: SQLServerServer) -> [ProbeStep] {
        guard let role = server.role else { return [] }
        let isReadOnly: [ProbeStep] = role == .readOnlyPrimary ? [.fact(.readOnly, .text("on"))] : []
        return [.fact(.role, .text(role == .replica ? "replica" : "primary"))] + isReadOnly
    }

    /// - Parameter status: of the database; nothing: it has not said.
    private static func judge(
        _ status: String?, _ otherwise: () -> SQLServerConclusion
    ) -> SQLServerConclusion {
        switch status {
        case nil, "ONLINE": return otherwise()
        case "SUSPECT", "EMERGENCY", "RECOVERY_PENDING":
            return .fault(
                SQLServerVerdict(.corruption, "the database is in the state \(status ?? "")"))
        case "RECOVERING":
            return .fault(SQLServerVerdict(.startingUp, "the database is recovering"))
        case "RESTORING", "OFFLINE":
            return .fault(
                SQLServerVerdict(
                    .dbNotAccepting, "the database is in the state \(status ?? "")"))
        case .some(let other):
            return .goOn([.note("the database is in the state \(other)")]).then(otherwise())
        }
    }
}
