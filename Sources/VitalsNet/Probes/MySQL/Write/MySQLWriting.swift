import VitalsCore

/// The statements that write the row and read it back, and what their answers mean.
struct MySQLWriting: Sendable {
    let heartbeat: MySQLHeartbeat
    /// What follows where a server refuses what is written for being read-only.
    let refusedAsReadOnly: @Sendable (MySQLServer, MySQLServerError) -> MySQLConclusion

    var update: MySQLStatement {
        statement(heartbeat.update) { changed, _ in .goOn(then: [changed == 0 ? insert : readBack]) }
    }

    private var insert: MySQLStatement {
        statement(heartbeat.insert) { _, _ in .goOn(then: [readBack]) }
    }

    /// Makes the table, and then writes. To make a database takes a right that is not asked for where there
    /// is one.
    var provision: MySQLStatement {
        MySQLStatement(text: heartbeat.database, phase: .write) { answer, _ in
            let hasDatabase = if case .rows(let rows) = answer { rows.first("count") == "1" } else { false }
            let texts = MySQLHeartbeat.definition(of: heartbeat.settings.table, hasDatabase: hasDatabase)
            let making = texts.map { statement($0) { _, _ in .goOn() } }
            return .goOn([.note("making the table of the write probe")], then: making + [update])
        }
    }

    private func statement(
        _ text: String, _ next: @escaping @Sendable (UInt64, MySQLServer) -> MySQLConclusion
    ) -> MySQLStatement {
        MySQLStatement(text: text, phase: .write, overdue: { overdue($0) }) { answer, server in
            switch answer {
            case .done(let changed): next(changed, server)
            case .rows: .unexpected("the server sent rows when it was written to")
            case .error(let error): refused(error, server)
            }
        }
    }

    /// What was written is committed. Does it read back?
    private var readBack: MySQLStatement {
        MySQLStatement(text: heartbeat.row, phase: .write) { answer, server in
            switch answer {
            case .rows(let rows) where rows.first("token") == heartbeat.token && rows.count == 1:
                return conclude(server)
            case .rows(let rows):
                let found = rows.count == 0 ? "there is no row" : "the row holds something else"
                return .verdict(
                    MySQLVerdict(
                        .conditionWarn, code: "token",
                        "what was written was committed and does not read back: \(found) "
                            + "(a trigger, or another prober of the same name?)"))
            case .done: return .unexpected("the server sent no rows when asked for what was written")
            case .error(let error): return refused(error, server)
            }
        }
    }

    private func conclude(_ server: MySQLServer) -> MySQLConclusion {
        let done = ProbeStep.fact(.write, .text("done"))
        guard case .there(let engine?)? = server.ground.table else { return .goOn([done]) }
        return .verdict(
            MySQLVerdict(
                .conditionWarn, code: "engine",
                "\(heartbeat.name) is kept by \(engine), which has no transactions, so that writing to it "
                    + "proves little: ALTER TABLE \(heartbeat.table) ENGINE=InnoDB"),
            after: [done])
    }

    /// The deadline has come. No lock is waited for so long: what still waits is the commit.
    private func overdue(_ server: MySQLServer) -> MySQLVerdict? {
        let isBeyondLocks = heartbeat.limit >= MySQLHeartbeat.lockPatience * 5 / 4
        guard let semiSync = server.ground.semiSync, semiSync.isOn, semiSync.isShort || isBeyondLocks
        else { return nil }
        return MySQLVerdict(
            .commitStalled,
            "the commit did not end in time: no semi-synchronous replica confirms it (\(semiSync.want))")
    }

    private func refused(_ error: MySQLServerError, _ server: MySQLServer) -> MySQLConclusion {
        if [1290, 1836].contains(error.number) { return refusedAsReadOnly(server, error) }
        let verdict = verdict(of: error)
        switch verdict.cause {
        // There is nobody left to ask for anything else.
        case .shuttingDown, .reset, .protocolMismatch: return .fault(error)
        default: return .verdict(verdict)
        }
    }

    private func verdict(of error: MySQLServerError) -> MySQLVerdict {
        let code = String(error.number)
        let message = error.message.isEmpty ? "the server gave no reason" : error.message
        switch error.number {
        case 1049, 1146:
            return MySQLVerdict(
                .notProvisioned, code: code,
                "there is no table \(heartbeat.name) to write to: `vitals provision` with the target prints "
                    + "what makes it")
        // It is there, and is no such table.
        case 1054, 1136, 1264, 1265, 1288, 1292, 1347, 1356, 1364, 1366, 1406, 1471:
            return MySQLVerdict(
                .notProvisioned, code: code,
                "\(message): \(heartbeat.name) is not as `vitals provision` makes it")
        // Neither is it said whether there is such a table.
        case 1044, 1142, 1143, 1227, 1370:
            return MySQLVerdict(
                .privilege, code: code, "\(message): `vitals provision` prints the grants")
        default: break
        }
        // A row that is there already or breaks a rule, or a trigger that will not have it.
        guard !["23", "45"].contains(error.state.prefix(2)) else {
            return MySQLVerdict(
                .conditionWarn, code: code, "\(heartbeat.name) does not take our row: \(message)")
        }
        return MySQLVerdict(MySQLCause.of(error, at: .query), code: code, message)
    }
}
