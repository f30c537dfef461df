import VitalsCore

extension Draft {
    /// The run, with what is wrong about its system's cluster if it is the one that tells of that: of the
    /// first of those health checks that are on.
    ///
    /// - Parameter server: what is known of its own server, this run included.
    func judgedAsCluster(_ run: Run, _ server: KnownServer) -> Run {
        guard let seat = ledger.profiles[run.healthCheck]?.cluster else { return run }
        let asked = seat.members.compactMap { ledger.profiles[$0]?.healthCheck }.filter(\.isEnabled)
        guard asked.first?.id == run.healthCheck else { return run }
        let members = asked.map { member in
            let known =
                member.id == run.healthCheck
                ? server : (changes.beliefs[member.id] ?? ledger.beliefs[member.id])?.server
            let sight = known?.sight(within: member.policy.maximumAge, of: run.endedAt) ?? .none
            return Cluster.Member(member.id, sight)
        }
        return run.judged(as: seat.cluster, members)
    }
}
