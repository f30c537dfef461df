import VitalsCore

/// The commands that let us in, and tell who the server is.
extension RedisCommand {
    /// - Parameter next: what follows once we are in.
    static func hello(_ login: RedisLogin, _ next: @escaping RedisNext) -> RedisCommand {
        RedisCommand(login.hello, in: .authenticate) { reply, server in
            switch reply {
            case .map, .array:
                guard reply["version"] != nil || reply["server"] != nil else { return .foreign(reply) }
                server.learn(greeting: reply)
                return next(server)
            case .error(let error) where isUnknown(error):
                let note = ProbeStep.note("HELLO could not be said: \(error.text)")
                return RedisConclusion.goOn([note]).then(
                    login.isNamed ? .goOn(then: [auth(login, next)]) : next(server))
            case .error(let error): return .fault(refusal(error, login))
            default: return .foreign(reply)
            }
        }
    }

    private static func auth(_ login: RedisLogin, _ next: @escaping RedisNext) -> RedisCommand {
        RedisCommand(login.auth, in: .authenticate) { reply, server in
            switch reply {
            case .text: return next(server)
            case .error(let error): return .fault(refusal(error, login))
            default: return .unexpected("the server answered the login with something else than OK")
            }
        }
    }

    /// Whether a server says no more than that it does not know the command, or keeps it from everybody. One
    /// that protects a Redis from its clients may say so in words of its own.
    private static func isUnknown(_ error: RedisServerError) -> Bool {
        switch RedisCause.of(error) {
        case .unexpectedReply, .privilege, .protocolMismatch: true
        default: false
        }
    }

    private static func refusal(_ error: RedisServerError, _ login: RedisLogin) -> RedisVerdict {
        let verdict = RedisVerdict(error)
        guard verdict.cause == .authFailed else { return verdict }
        let message =
            switch error.code {
            case "NOAUTH" where login.password == nil:
                "the server wants a password, and the target has none"
            case "ERR" where error.message.hasPrefix("wrong number of arguments"):
                "the server is older than Redis 6 and knows no users: leave the user out"
            case "ERR" where error.message.hasPrefix("invalid password"), "WRONGPASS": verdict.message
            case "ERR" where login.password != nil:
                "the target has a password, and the server has none for the user \(login.name)"
            default: verdict.message
            }
        return RedisVerdict(.authFailed, code: verdict.code, message)
    }

    /// Opens the target's database.
    static func select(_ database: Int, _ next: @escaping RedisNext) -> RedisCommand {
        RedisCommand(["SELECT", String(database)], in: .session) { reply, server in
            switch reply {
            case .text: return next(server)
            case .error(let error):
                let verdict = RedisVerdict(error, remedy: server.remedy("+select"))
                guard verdict.cause == .dbMissing else { return .fault(verdict) }
                return .fault(
                    RedisVerdict(.dbMissing, "there is no database \(database): \(verdict.message)"))
            default: return .unexpected("the server answered SELECT with something else than OK")
            }
        }
    }

    /// Who the server is. One that cannot or may not say it costs facts, not the verdict.
    static func identity(in phase: Phase = .session, _ next: @escaping RedisNext) -> RedisCommand {
        RedisCommand(["INFO", "server"], in: phase) { reply, server in
            switch reply {
            case .text(let text):
                server.learn(RedisFields(text))
                return part(in: phase, server, next)
            case .error(let error):
                return .bearing(error, "who the server is") { part(in: phase, server, next) }
            default: return .unexpected("the server answered INFO with no text")
            }
        }
    }

    /// Which part it has, where `HELLO` did not tell.
    private static func part(
        in phase: Phase, _ server: RedisServer, _ next: @escaping RedisNext
    ) -> RedisConclusion {
        guard server.role == nil, server.mode != .sentinel else {
            return RedisConclusion.goOn(server.facts).then(next(server))
        }
        return .goOn(then: [role(in: phase, next)])
    }

    /// - Parameter next: what follows once it is known, or known that it is not.
    static func role(in phase: Phase, _ next: @escaping RedisNext) -> RedisCommand {
        RedisCommand(["ROLE"], in: phase) { reply, server in
            if case .error(let error) = reply {
                return .bearing(error, "which part the server has") { .goOn(server.facts).then(next(server)) }
            }
            server.learn(role: reply.parts?.first?.scalar)
            return .goOn(server.facts).then(next(server))
        }
    }
}
