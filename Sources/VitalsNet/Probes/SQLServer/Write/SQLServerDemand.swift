import VitalsCore

/// What a check wants of a server besides that it answers.
struct SQLServerDemand: Sendable {
    var role = ExpectedRole.any
    /// What is written; nothing: nothing is.
    var heartbeat: SQLServerHeartbeat?
    /// What sets the server up, to be run instead.
    var provisioning: SQLServerProvisioning?

    /// What is asked of a server that has let us in: the first batch, from which all others follow.
    func plan(_ server: SQLServerServer) -> [SQLServerStatement] {
        [.identity { explore($0) }]
    }

    /// It is known who the server is.
    private func explore(_ server: SQLServerServer) -> SQLServerConclusion {
        guard let heartbeat else { return .goOn(then: [.reading { prove($0) }]) }
        let ground = Self.asking(heartbeat.ground, "for the table of the write probe", read) {
            answer, server in
            server.hasTable = answer.rows.count == 1 ? answer.first("found") != nil : nil
        }
        guard server.role == .primary || server.role == nil else { return .goOn(then: [ground]) }
        let lock = Self.asking(heartbeat.lock, "whether somebody writes", { _ in .goOn() }) {
            answer, server in
            server.hasLeftover = answer.first("taken").flatMap { Int($0) } == -1
        }
        return .goOn(then: [lock, ground])
    }

    /// One that nothing but what is known depends on.
    ///
    /// - Parameter what: for people, after `asked`.
    private static func asking(
        _ text: String, _ what: String, _ next: @escaping SQLServerNext,
        learn: @escaping @Sendable (SQLServerAnswer, inout SQLServerServer) -> Void
    ) -> SQLServerStatement {
        SQLServerStatement(text: text, phase: .session) { answer, server in
            if let error = answer.error { return SQLServerStatement.bearing(error, what) { next(server) } }
            learn(answer, &server)
            return next(server)
        }
    }

    /// It is known what can be written to: the prober's own row is read, where there may be one.
    private func read(_ server: SQLServerServer) -> SQLServerConclusion {
        guard let heartbeat else { return .goOn() }
        let shallow = SQLServerConclusion.goOn(
            [.fact(.read, .text("shallow"))], then: [.reading { prove($0) }])
        guard server.hasTable == true else { return shallow }
        let row = SQLServerStatement(text: heartbeat.row, phase: .read) { answer, server in
            if let error = answer.error {
                switch SQLServerCause.of(error, at: .query) {
                // The table went, or we may not read it, or it is another one.
                case .notProvisioned, .privilege, .unexpectedReply: return shallow
                default: return .fault(error)
                }
            }
            guard answer.rows.count <= 1, answer.columns.count == 2 else {
                return .unexpected(
                    "the server answered the question for one row with something else than was asked")
            }
            return prove(server)
        }
        return .goOn([.fact(.read, .text("heartbeat"))], then: [row])
    }

    /// The server has been read from. Is it what it should be, and can it be written to?
    private func prove(_ server: SQLServerServer) -> SQLServerConclusion {
        if let mismatch = role.mismatch(with: server.role) {
            return .verdict(
                SQLServerVerdict(.roleMismatch, mismatch),
                after: skip("the server is not in the role that it should have") + [.enter(.session)])
        }
        if let provisioning { return .goOn(then: provisioning.steps(for: server)) }
        guard let heartbeat else { return .goOn() }
        switch server.role {
        case .replica: return .goOn(skip("the server is a replica"))
        case .readOnlyPrimary: return readOnly("the database takes nothing that is written (READ_ONLY is on)")
        case .primary, nil: break
        }
        guard !server.hasLeftover else {
            return .verdict(leftover(server), after: skip("its commit would not end") + [.enter(.write)])
        }
        let writing = SQLServerWriting(heartbeat: heartbeat) { server, error in judgeAgain(server, error) }
        let isMade = server.hasTable == false && heartbeat.settings.provisions
        return .goOn(then: isMade ? writing.provision : [writing.update])
    }

    private func leftover(_ server: SQLServerServer) -> SQLServerVerdict {
        let message = "the write of an earlier run has not ended at the server"
        guard server.isInGroup else { return SQLServerVerdict(.timeout, message) }
        return SQLServerVerdict(
            .commitStalled, "\(message): does a secondary of the availability group not confirm it?")
    }

    /// The server has refused what was written for being read-only, which it was not before: it is asked once
    /// more who it is.
    private func judgeAgain(_ server: SQLServerServer, _ error: SQLServerError) -> SQLServerConclusion {
        let note = ProbeStep.note("refused to be written to: \(error.reason) (\(error.number))")
        let again = SQLServerStatement.identity(in: .write) { server in
            if let mismatch = role.mismatch(with: server.role) {
                return .verdict(
                    SQLServerVerdict(.roleMismatch, mismatch),
                    after: skip("the server is no longer in the role that it should have")
                        + [.enter(.session)])
            }
            guard server.role != .replica else { return .goOn(skip("the server became a replica")) }
            return readOnly(error.reason, code: error.code)
        }
        return .goOn([note], then: [again])
    }

    private func readOnly(_ message: String, code: String? = nil) -> SQLServerConclusion {
        .verdict(
            SQLServerVerdict(.readOnly, code: code, message),
            after: skip("the server is read-only") + [.enter(.write)])
    }

    private func skip(_ reason: String) -> [ProbeStep] {
        heartbeat == nil ? [] : [.fact(.write, .text("skipped: \(reason)"))]
    }
}
