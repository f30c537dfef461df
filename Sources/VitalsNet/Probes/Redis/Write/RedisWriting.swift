import VitalsCore

/// The commands that write the key and read it back, and what their replies mean.
struct RedisWriting: Sendable {
    let heartbeat: RedisHeartbeat
    /// What is told where nothing is written.
    let skip: @Sendable (String) -> [ProbeStep]
    /// What follows where a server refuses what is written for being read-only.
    let refusedAsReadOnly: @Sendable (RedisServerError) -> RedisConclusion

    private static let rights = "~\(RedisHeartbeat.prefix)* +set +get"

    /// Which slots of the cluster the server has: it takes keys of these alone.
    var slots: RedisCommand {
        RedisCommand(["CLUSTER", "NODES"], in: .write) { reply, server in
            switch reply {
            case .text(let text):
                server.slots = ClusterSlot.own(text)
                guard !server.slots.isEmpty else {
                    return .goOn(skip("this node of the cluster has no slots"))
                }
                return .goOn(then: [set(for: server)])
            case .error(let error) where RedisCause.of(error) == .privilege:
                let remedy = server.remedy("+cluster|nodes")
                return .goOn(skip("which slots this node has may not be asked; run: \(remedy)"))
            case .error(let error): return .fault(RedisVerdict(error))
            default: return .unexpected("the server answered CLUSTER NODES with no text")
            }
        }
    }

    func set(for server: RedisServer) -> RedisCommand {
        let key = heartbeat.key(in: server.slots)
        return RedisCommand(heartbeat.set(key), in: .write) { reply, server in
            switch reply {
            case .text: return .goOn(then: [readBack(key)])
            case .error(let error): return refused(error, server)
            default: return .unexpected("the server answered SET with something else than OK")
            }
        }
    }

    /// What was written is there. Does it read back?
    private func readBack(_ key: String) -> RedisCommand {
        RedisCommand(["GET", key], in: .write) { reply, server in
            switch reply {
            case .text(heartbeat.token): return .goOn([.fact(.write, .text("done"))])
            case .null:
                return .verdict(
                    unproven("it is not there (was it evicted at once, for want of memory?)"))
            case .error(let error): return refused(error, server)
            default:
                return .verdict(
                    unproven("the key holds something else (another prober of the same name?)"))
            }
        }
    }

    private func unproven(_ found: String) -> RedisVerdict {
        RedisVerdict(
            .conditionWarn, code: "token", "what was written was accepted and does not read back: \(found)")
    }

    private func refused(_ error: RedisServerError, _ server: RedisServer) -> RedisConclusion {
        switch error.code {
        case "READONLY": return refusedAsReadOnly(error)
        // A slot on its way to another node, or gone since.
        case "MOVED", "ASK", "TRYAGAIN":
            return .goOn(skip("the slot of the key is moving to another node"))
        case "WRONGTYPE":
            return .verdict(unproven("the key is of another type (it is not ours)"))
        default: break
        }
        let verdict = RedisVerdict(error, remedy: server.remedy(Self.rights))
        guard verdict.cause != .unexpectedReply else {
            return .verdict(
                RedisVerdict(.conditionWarn, code: verdict.code, "does not take our key: \(verdict.message)"))
        }
        return .verdict(verdict)
    }
}
