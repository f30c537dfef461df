import VitalsCore

/// The batches that write the row and read it back, and what their answers mean.
struct SQLServerWriting: Sendable {
    let heartbeat: SQLServerHeartbeat
    /// What follows where a server refuses what is written for being read-only.
    let refusedAsReadOnly: @Sendable (SQLServerServer, SQLServerError) -> SQLServerConclusion

    var update: SQLServerStatement {
        statement(heartbeat.update) { changed, _ in .goOn(then: [changed == 0 ? insert : readBack]) }
    }

    private var insert: SQLServerStatement {
        statement(heartbeat.insert) { _, _ in .goOn(then: [readBack]) }
    }

    /// Makes the table, and then writes.
    var provision: [SQLServerStatement] {
        let texts = SQLServerHeartbeat.definition(of: heartbeat.settings.table)
        return texts.map { statement($0) { _, _ in .goOn() } } + [update]
    }

    private func statement(
        _ text: String, _ next: @escaping @Sendable (UInt64, SQLServerServer) -> SQLServerConclusion
    ) -> SQLServerStatement {
        SQLServerStatement(text: text, phase: .write, overdue: overdue) { answer, server in
            if let error = answer.error { return refused(error, server) }
            guard answer.columns.isEmpty else {
                return .unexpected("the server sent rows when it was written to (a trigger?)")
            }
            return next(answer.changedRows ?? 0, server)
        }
    }

    /// What was written is committed. Does it read back?
    private var readBack: SQLServerStatement {
        SQLServerStatement(text: heartbeat.row, phase: .write) { answer, server in
            if let error = answer.error { return refused(error, server) }
            guard answer.rows.count == 1, answer.first("token") == heartbeat.token else {
                let found = answer.rows.isEmpty ? "there is no row" : "the row holds something else"
                return .verdict(
                    SQLServerVerdict(
                        .conditionWarn, code: "token",
                        "what was written was committed and does not read back: \(found) "
                            + "(a trigger, or another prober of the same name?)"))
            }
            return .goOn([.fact(.write, .text("done"))])
        }
    }

    /// The deadline has come. No lock is waited for so long: what still waits is the commit.
    private func overdue(_ server: SQLServerServer) -> SQLServerVerdict? {
        guard server.isInGroup, heartbeat.limit >= SQLServerHeartbeat.lockPatience * 5 / 4 else { return nil }
        return SQLServerVerdict(
            .commitStalled,
            "the commit did not end in time: does a secondary of the availability group not confirm it?")
    }

    private func refused(_ error: SQLServerError, _ server: SQLServerServer) -> SQLServerConclusion {
        if error.number == 3_906 { return refusedAsReadOnly(server, error) }
        let verdict = verdict(of: error)
        // There is nobody left to ask for anything else.
        return error.severity >= 20 || verdict.cause == .shuttingDown ? .fault(verdict) : .verdict(verdict)
    }

    private func verdict(of error: SQLServerError) -> SQLServerVerdict {
        switch error.number {
        case 208:
            SQLServerVerdict(
                .notProvisioned, code: error.code,
                "there is no table \(heartbeat.name) to write to: `vitals provision` with the target prints "
                    + "what makes it")
        // It is there, and is no such table.
        case 206, 207, 213, 220, 241, 245, 257, 271, 295, 515, 2_628, 4_406, 8_115, 8_152:
            SQLServerVerdict(
                .notProvisioned, code: error.code,
                "\(error.reason): \(heartbeat.name) is not as `vitals provision` makes it")
        case 229, 230, 262:
            SQLServerVerdict(
                .privilege, code: error.code, "\(error.reason): `vitals provision` prints the grants")
        // A row that is there already or breaks a rule, or a trigger that will not have it.
        case 547, 2_601, 2_627, 3_609, 50_000...:
            SQLServerVerdict(
                .conditionWarn, code: error.code, "\(heartbeat.name) does not take our row: \(error.reason)")
        default:
            SQLServerVerdict(SQLServerCause.of(error, at: .query), code: error.code, error.reason)
        }
    }
}
