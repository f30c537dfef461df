/// How many servers of each part a system is to have among those that its health checks ask.
package struct Cluster: Sendable, Equatable {
    /// Exactly so many that take what is written.
    package let primaries: Int
    package let replicasAtLeast: Int

    package init(primaries: Int = 1, replicasAtLeast: Int = 0) {
        precondition(primaries >= 0 && replicasAtLeast >= 0)
        self.primaries = primaries
        self.replicasAtLeast = replicasAtLeast
    }

    /// One server of it, as its health check saw it last.
    package struct Member: Sendable, Equatable {
        package enum Sight: Sendable, Equatable {
            /// Nobody looked lately.
            case none
            /// Somebody did, and it did not say which part it has: it is down, say.
            case silent
            case role(ServerRole)
        }

        package let healthCheck: HealthCheckID
        package let sight: Sight

        package init(_ healthCheck: HealthCheckID, _ sight: Sight) {
            self.healthCheck = healthCheck
            self.sight = sight
        }
    }

    /// What is wrong, for people; nothing: it is as it should be, or not enough of it was seen to say. A
    /// server that is down may be the primary still, but is no replica that could be read from.
    package func mismatch(_ members: [Member]) -> String? {
        let writable = members.filter { $0.sight == .role(.primary) }
        let replicas = members.count { $0.sight == .role(.replica) }
        let unseen = members.count { $0.sight == .none }
        let silent = members.count { $0.sight == .silent }
        var complaints: [String] = []
        if writable.count > primaries {
            complaints.append(
                "\(Self.servers(writable.count)) can be written to (\(Self.names(writable))), "
                    + "and there should be \(primaries)")
        } else if writable.count + unseen + silent < primaries {
            let none = writable.isEmpty ? "no server" : "only \(Self.servers(writable.count))"
            complaints.append("\(none) can be written to, and there should be \(primaries)")
        }
        if replicas + unseen < replicasAtLeast {
            let are = replicas == 1 ? "is 1 replica" : "are \(replicas) replicas"
            complaints.append("there \(are), and there should be \(replicasAtLeast) at least")
        }
        return complaints.isEmpty ? nil : "of this cluster: " + complaints.joined(separator: "; ")
    }

    private static func servers(_ count: Int) -> String { count == 1 ? "1 server" : "\(count) servers" }

    private static func names(_ members: [Member]) -> String {
        members.map(\.healthCheck.text).joined(separator: ", ")
    }
}

extension Run {
    /// The same run, with what is wrong about the cluster that its target belongs to: a finding, and the
    /// fault where the run passed.
    package func judged(as cluster: Cluster, _ members: [Cluster.Member]) -> Run {
        guard outcome != .inconclusive, let message = cluster.mismatch(members) else { return self }
        guard outcome == .pass else { return finding(Finding(.roleMismatch, .critical, message)) }
        return failing(Fault(.roleMismatch, in: .session, code: "cluster", message: message))
    }
}
