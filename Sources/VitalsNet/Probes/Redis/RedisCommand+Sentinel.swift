import VitalsCore

/// What a Sentinel is asked: whom it watches, whether these are up, and whether there are enough of its like
/// to agree on a failover.
extension RedisCommand {
    /// - Parameter master: the only one that is asked about; nothing: all of them.
    static func watched(_ master: String?) -> RedisCommand {
        RedisCommand(["SENTINEL"] + (master.map { ["MASTER", $0] } ?? ["MASTERS"]), in: .read) {
            reply, server in
            switch reply {
            case .error(let error):
                let verdict = RedisVerdict(error, remedy: server.remedy("+sentinel"))
                guard verdict.cause == .dbMissing, let master else { return .fault(verdict) }
                return .fault(
                    RedisVerdict(.dbMissing, "the Sentinel watches no primary of the name \(shown(master))"))
            case .map, .array:
                let found = master == nil ? reply.parts ?? [] : [reply]
                return judge(found.prefix(mostWatched).map(WatchedPrimary.init))
            default: return .unexpected("the Sentinel did not say whom it watches")
            }
        }
    }

    /// More of them are not asked about.
    private static let mostWatched = 64

    private static func judge(_ primaries: [WatchedPrimary]) -> RedisConclusion {
        let down = primaries.filter(\.isDown)
        guard down.isEmpty else {
            let words = down.prefix(5).map(\.words).joined(separator: "; ")
            return .verdict(RedisVerdict(.backendUnavailable, code: "SDOWN", words))
        }
        return .goOn(then: primaries.map { quorum($0.name) })
    }

    private static func quorum(_ master: String) -> RedisCommand {
        RedisCommand(["SENTINEL", "CKQUORUM", master], in: .read) { reply, server in
            switch reply {
            case .text: return .goOn()
            case .error(let error) where error.code == "NOQUORUM":
                return .verdict(
                    RedisVerdict(
                        .backendUnavailable, code: error.code,
                        "no failover of \(shown(master)) could be agreed on: \(shown(error.message))"))
            case .error(let error):
                return .bearing(error, "whether there is a quorum for \(shown(master))") { .goOn() }
            default: return .unexpected("the Sentinel did not say whether there is a quorum")
            }
        }
    }
}

/// One primary, as a Sentinel sees it.
struct WatchedPrimary: Equatable {
    let name: String
    /// `master,s_down,o_down`
    let flags: [String]
    let address: String

    init(_ value: RESPValue) {
        name = value["name"]?.scalar ?? ""
        flags = (value["flags"]?.scalar ?? "").split(separator: ",").map(String.init)
        address = "\(value["ip"]?.scalar ?? "?"):\(value["port"]?.scalar ?? "?")"
    }

    /// To this Sentinel, or to as many as agreed on it.
    var isDown: Bool { flags.contains("s_down") || flags.contains("o_down") }

    var words: String {
        let who = flags.contains("o_down") ? "the Sentinels agree" : "this Sentinel alone says so"
        return "the primary \(RedisCommand.shown(name)) at \(RedisCommand.shown(address)) is down (\(who))"
    }
}
