import VitalsCore

/// What a check wants of a server besides that it answers.
struct RedisDemand: Sendable {
    var role = ExpectedRole.any
    /// What is written; nothing: nothing is.
    var heartbeat: RedisHeartbeat?
    /// What sets the server up, to be run instead.
    var provisioning: RedisProvisioning?

    /// What is said to a server: the first command, from which all others follow.
    func plan(_ login: RedisLogin) -> [RedisCommand] {
        [
            .hello(login) { _ in
                let identity = RedisCommand.identity { read($0, login) }
                guard login.database != 0 else { return .goOn(then: [identity]) }
                return .goOn(then: [.select(login.database) { _ in .goOn(then: [identity]) }])
            }
        ]
    }

    /// It is known who the server is. Can it be read from?
    private func read(_ server: RedisServer, _ login: RedisLogin) -> RedisConclusion {
        if login.sentinel != nil, server.mode != .sentinel {
            return .fault(
                RedisVerdict(
                    .protocolMismatch,
                    "not a Sentinel: this is a \(server.flavour.rawValue) server; write redis:// for one"))
        }
        // What sets a server up needs none that serves.
        if let provisioning { return .goOn(then: provisioning.commands) }
        return .goOn(
            then: [
                .ping { server in
                    switch server.mode {
                    case .standalone: prove(server)
                    case .cluster: .goOn(then: [.cluster { prove($0) }])
                    case .sentinel: watch(login)
                    }
                }
            ])
    }

    private func watch(_ login: RedisLogin) -> RedisConclusion {
        let skipped = RedisConclusion.goOn(skip("a Sentinel keeps no keys"))
        guard role == .any else {
            let words = role == .primary ? "a primary" : "a replica"
            return skipped.then(
                .verdict(
                    RedisVerdict(.roleMismatch, "\(words) was expected, and this is a Sentinel"),
                    after: [.enter(.session)]))
        }
        return skipped.then(.goOn(then: [.watched(login.sentinel?.master)]))
    }

    /// The server has been read from. Is it what it should be, and can it be written to?
    private func prove(_ server: RedisServer) -> RedisConclusion {
        if let mismatch = role.mismatch(with: server.role) {
            return .verdict(
                RedisVerdict(.roleMismatch, mismatch),
                after: skip("the server is not in the role that it should have") + [.enter(.session)])
        }
        guard let heartbeat else { return .goOn() }
        guard server.role != .replica else { return .goOn(skip("the server is a replica")) }
        let writing = RedisWriting(heartbeat: heartbeat, skip: skip) { error in judgeAgain(error) }
        return .goOn(then: [server.mode == .cluster ? writing.slots : writing.set(for: server)])
    }

    /// The server has refused what was written for being read-only, which it was not before: it is asked once
    /// more which part it has.
    private func judgeAgain(_ error: RedisServerError) -> RedisConclusion {
        let note = ProbeStep.note("refused to be written to: \(error.text)")
        let again = RedisCommand.role(in: .write) { server in
            if let mismatch = role.mismatch(with: server.role) {
                return .verdict(
                    RedisVerdict(.roleMismatch, mismatch),
                    after: skip("the server is no longer in the role that it should have")
                        + [.enter(.session)])
            }
            guard server.role != .replica else { return .goOn(skip("the server became a replica")) }
            return .verdict(RedisVerdict(error), after: skip("the server is read-only") + [.enter(.write)])
        }
        return .goOn([note], then: [again])
    }

    private func skip(_ reason: String) -> [ProbeStep] {
        heartbeat == nil ? [] : [.fact(.write, .text("skipped: \(reason)"))]
    }
}
