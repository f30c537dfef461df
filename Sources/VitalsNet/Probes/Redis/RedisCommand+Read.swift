import VitalsCore

/// The commands that show whether a server serves.
extension RedisCommand {
    /// Proves that it does, as far as that can be had without a key: a server that loads its data, a replica
    /// without its primary and one that a script keeps busy refuse it, as one that cannot save does.
    static func ping(_ next: @escaping RedisNext) -> RedisCommand {
        RedisCommand(["PING"], in: .read) { reply, server in
            switch reply {
            case .text("PONG"): return next(server)
            case .error(let error) where error.code == "LOADING": return .goOn(then: [loading(error)])
            case .error(let error):
                return .fault(RedisVerdict(error, remedy: server.remedy("+ping")))
            default: return .unexpected("the server answered PING with something else than PONG")
            }
        }
    }

    /// How far it has got with its data.
    private static func loading(_ error: RedisServerError) -> RedisCommand {
        RedisCommand(["INFO", "persistence"], in: .read) { reply, _ in
            let verdict = RedisVerdict(error)
            guard case .text(let text) = reply else { return .fault(verdict) }
            let fields = RedisFields(text)
            guard fields["loading"] == "1", let share = fields["loading_loaded_perc"] else {
                return .fault(verdict)
            }
            let left = fields["loading_eta_seconds"].map { ", about \(shown($0)) s left" } ?? ""
            return .fault(
                RedisVerdict(
                    verdict.cause, code: verdict.code, "\(verdict.message): \(shown(share)) % done\(left)"))
        }
    }

    /// Whether the cluster that it belongs to serves keys. What it may not say costs nothing.
    static func cluster(_ next: @escaping RedisNext) -> RedisCommand {
        RedisCommand(["CLUSTER", "INFO"], in: .read) { reply, server in
            switch reply {
            case .text(let text):
                guard let verdict = ClusterState(RedisFields(text)).verdict else { return next(server) }
                return .verdict(verdict)
            case .error(let error):
                return .bearing(error, "in which state the cluster is") { next(server) }
            default: return .unexpected("the server answered CLUSTER INFO with no text")
            }
        }
    }

    /// What a server says may be of any length.
    static func shown(_ text: String) -> String { Printable.prefix(Printable.text(text), bytes: 100) }
}

/// What a node says of its cluster, by which it decides whether it serves keys.
struct ClusterState: Equatable {
    static let slots = 16_384

    let isFailing: Bool
    /// That some node has; nothing: not said.
    let assigned: Int?
    /// Whose node is down.
    let failed: Int?

    init(_ fields: RedisFields) {
        isFailing = fields["cluster_state"] == "fail"
        assigned = fields["cluster_slots_assigned"].flatMap { Int($0) }
        failed = fields["cluster_slots_fail"].flatMap { Int($0) }
    }

    /// Nothing: it serves.
    var verdict: RedisVerdict? {
        guard isFailing else { return nil }
        let missing = assigned.map { Self.slots - $0 } ?? 0
        let reasons = [
            missing > 0 ? "\(missing) of \(Self.slots) slots belong to no node" : nil,
            failed.flatMap { $0 > 0 ? "\($0) slots belong to nodes that are down" : nil },
        ].compactMap(\.self)
        let why =
            reasons.isEmpty
            ? "too few of its primaries are reached from this node" : reasons.joined(separator: "; ")
        return RedisVerdict(
            .backendUnavailable, code: "CLUSTERDOWN",
            "the cluster serves no keys (cluster_state is fail): \(why)")
    }
}
