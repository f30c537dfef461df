/// Which health checks go on under another id: their history, states, episodes and open pages with them.
package enum Renaming {
    /// Those of which something is known under an id that they had, and nothing under the one they have.
    /// Asked again once it is done, it names none.
    ///
    /// - Parameters:
    ///   - former: the ids that each configured health check may have had, the likeliest first.
    ///   - configured: all there are from now on; what is one of them is nobody's former one.
    ///   - known: of which there is something to go on with.
    /// - Returns: former ids, and what each is called from now on.
    package static func plan(
        _ former: [HealthCheckID: [HealthCheckID]], configured: Set<HealthCheckID>,
        known: Set<HealthCheckID>
    ) -> [HealthCheckID: HealthCheckID] {
        var plan: [HealthCheckID: HealthCheckID] = [:]
        for (id, candidates) in former.sorted(by: { $0.key < $1.key }) where !known.contains(id) {
            let found = candidates.first { candidate in
                known.contains(candidate) && !configured.contains(candidate) && plan[candidate] == nil
            }
            if let found { plan[found] = id }
        }
        return plan
    }

    /// The ids that a health check may have had, the likeliest first: of two names that were given up, one
    /// may have been given up long ago.
    package static func formerIDs(
        system: SystemID, _ formerSystem: SystemID?, check: CheckID, _ formerCheck: CheckID?
    ) -> [HealthCheckID] {
        let ids = [
            formerCheck.map { HealthCheckID(system: system, check: $0) },
            formerSystem.map { HealthCheckID(system: $0, check: check) },
            formerSystem.flatMap { system in
                formerCheck.map { HealthCheckID(system: system, check: $0) }
            },
        ]
        return ids.compactMap(\.self)
    }
}

extension Run {
    /// The same run, of a health check that is called otherwise now.
    package func renamed(to id: HealthCheckID) -> Run {
        Run(
            of: id, location: location, at: at, startedAt: startedAt, trigger: trigger, outcome: outcome,
            result: result)
    }
}

extension Miss {
    /// The same slots, of a health check that is called otherwise now.
    package func renamed(to id: HealthCheckID) -> Miss {
        Miss(of: id, from: from, to: to, count: count, reason: reason)
    }
}

extension Belief {
    /// What is believed of a health check that is called otherwise now.
    package func renamed(to id: HealthCheckID) -> Belief {
        var renamed = self
        renamed.rename(to: id)
        return renamed
    }
}

extension Pager {
    /// What the channel was told of a health check that is called otherwise now; the ids stay.
    package func renamed(to id: HealthCheckID) -> Pager {
        Pager(
            id, channel, cooldown: cooldown, snoozedUntil: snoozedUntil, page: page, active: active,
            waiting: waiting, deliveredAt: deliveredAt)
    }
}
