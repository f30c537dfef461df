import VitalsCore

/// What a check wants of a server besides that it answers.
struct MySQLDemand: Sendable {
    var role = ExpectedRole.any
    /// What is written; nothing: nothing is.
    var heartbeat: MySQLHeartbeat?
    /// What sets the server up, to be run instead.
    var provisioning: MySQLProvisioning?

    /// What is asked of a server that has let us in: the first statement, from which all others follow.
    func plan(_ server: MySQLServer) -> [MySQLStatement] {
        [.identity(of: server, for: self) { explore($0) }]
    }

    /// It is known who the server is.
    private func explore(_ server: MySQLServer) -> MySQLConclusion {
        guard let heartbeat else { return .goOn(then: [.reading { prove($0) }]) }
        let isWritten = server.role != .replica && server.role != .readOnlyPrimary
        let questions: [MySQLStatement] =
            isWritten ? [.lock(heartbeat, on: server), .semiSync] : []
        return .goOn(
            then: [.bounds(heartbeat, on: server)] + questions + [.ground(heartbeat) { read($0) }])
    }

    /// It is known what can be written to: the prober's own row is read, where there may be one.
    private func read(_ server: MySQLServer) -> MySQLConclusion {
        guard let heartbeat else { return .goOn() }
        let shallow = MySQLConclusion.goOn(
            [.fact(.read, .text("shallow"))], then: [.reading { prove($0) }])
        guard case .there? = server.ground.table else { return shallow }
        let row = MySQLStatement(text: heartbeat.row, phase: .read) { answer, server in
            switch answer {
            case .rows(let rows) where rows.count <= 1 && rows.columns.count == 2: return prove(server)
            case .error(let error) where error.state.hasPrefix("42"):
                // The table went, or we may not read it, or it is another one.
                return shallow
            case .error(let error): return .fault(error)
            case .rows, .done:
                return .unexpected(
                    "the server answered the question for one row with something else than was asked")
            }
        }
        return .goOn([.fact(.read, .text("heartbeat"))], then: [row])
    }

    /// The server has been read from. Is it what it should be, and can it be written to?
    private func prove(_ server: MySQLServer) -> MySQLConclusion {
        if let mismatch = role.mismatch(with: server.role) {
            return .verdict(
                MySQLVerdict(.roleMismatch, mismatch),
                after: skip("the server is not in the role that it should have") + [.enter(.session)])
        }
        if let provisioning { return .goOn(then: provisioning.steps(for: server)) }
        guard let heartbeat else { return .goOn() }
        switch server.role {
        case .replica: return .goOn(skip("the server is a replica"))
        case .readOnlyPrimary: return readOnly("the server takes nothing that is written (read_only is on)")
        case .primary, nil: break
        }
        if let stall = server.ground.stall {
            return .verdict(stall, after: skip("its commit would not end") + [.enter(.write)])
        }
        let writing = MySQLWriting(heartbeat: heartbeat) { server, error in judgeAgain(server, error) }
        let isMade = server.ground.table == .missing && heartbeat.settings.provisions
        return .goOn(then: [isMade ? writing.provision : writing.update])
    }

    /// The server has refused what was written for being read-only, which it was not before: it is asked once
    /// more who it is.
    private func judgeAgain(_ server: MySQLServer, _ error: MySQLServerError) -> MySQLConclusion {
        let note = ProbeStep.note("refused to be written to: \(error.message) (\(error.number))")
        let again = MySQLStatement.identity(of: server, for: self, in: .write) { server in
            if let mismatch = role.mismatch(with: server.role) {
                return .verdict(
                    MySQLVerdict(.roleMismatch, mismatch),
                    after: skip("the server is no longer in the role that it should have")
                        + [.enter(.session)])
            }
            guard server.role != .replica else { return .goOn(skip("the server became a replica")) }
            return readOnly(error.message, code: String(error.number))
        }
        return .goOn([note], then: [again])
    }

    private func readOnly(_ message: String, code: String? = nil) -> MySQLConclusion {
        .verdict(
            MySQLVerdict(.readOnly, code: code, message),
            after: skip("the server is read-only") + [.enter(.write)])
    }

    private func skip(_ reason: String) -> [ProbeStep] {
        heartbeat == nil ? [] : [.fact(.write, .text("skipped: \(reason)"))]
    }
}
