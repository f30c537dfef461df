import VitalsCore

extension Ledger {
    /// Nobody heard pings until now: the node was not there, or asleep.
    mutating func listen(since instant: Timestamp) {
        guard instant > listeningSince else { return }
        listeningSince = instant
    }

    /// Heartbeats whose time is up, going by what is committed; each is told of once.
    mutating func late(at now: Timestamp) -> [LedgerItem] {
        guard let first = firstDeadline, now > first else { return [] }
        let late = deadlines.filter { $0.value < now }.keys.sorted()
        for id in late { deadlines[id] = nil }
        firstDeadline = deadlines.values.min()
        return late.map { .due($0, at: now) }
    }

    /// When the time of a heartbeat is up, as it is known.
    mutating func expect(_ id: HealthCheckID) {
        guard let schedule = profiles[id]?.healthCheck.heartbeat, var heartbeat = heartbeats[id] else {
            deadlines[id] = nil
            return
        }
        heartbeat.listen(since: listeningSince)
        setDeadline(of: id, heartbeat.deadline(schedule))
    }

    mutating func setDeadline(of id: HealthCheckID, _ deadline: Timestamp?) {
        deadlines[id] = deadline
        guard let deadline else { return }
        // One that has moved on is found to have done so when the earlier one comes.
        firstDeadline = min(firstDeadline ?? deadline, deadline)
    }
}
