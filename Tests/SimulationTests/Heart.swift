import VitalsCore

/// What the auditor knows of a target that pings, by its own reckoning. Jobs do not overlap here.
struct Heart {
    var listeningSince: Timestamp
    /// Of a job that has not ended.
    var beganAt: Timestamp?
    var endedAt: Timestamp?
    var hasFailed = false
    var lastHeard: Timestamp?

    mutating func take(_ kind: Ping.Kind, at instant: Timestamp) {
        lastHeard = instant
        switch kind {
        case .log: break
        case .start: beganAt = instant
        case .success, .failure:
            beganAt = nil
            endedAt = instant
            hasFailed = kind != .success
        }
    }

    /// What is wrong with it; nothing: it is well.
    ///
    /// - Parameter listening: since when the node has been there, and awake.
    func cause(_ schedule: HeartbeatSchedule, listening: Timestamp, at now: Timestamp) -> Cause? {
        let heardFrom = max(listeningSince, listening)
        if let beganAt, now > max(beganAt, heardFrom) + schedule.grace { return .heartbeatMissing }
        guard let endedAt else { return beganAt == nil ? .notProvisioned : nil }
        if hasFailed { return .condition }
        guard case .every(let period) = schedule.rhythm else { return nil }
        let latest = max(endedAt + period, heardFrom) + schedule.grace
        if let beganAt, beganAt <= latest { return nil }
        return now > latest ? .heartbeatMissing : nil
    }
}
