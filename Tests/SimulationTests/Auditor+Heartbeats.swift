import VitalsCore

@testable import VitalsEngine

/// Every ping is kept, and whoever does not ping in time is missed.
extension Auditor {
    /// What of a batch has yet to be compared with what led to it.
    struct Reading {
        var runs: ArraySlice<Run>
        var pings: ArraySlice<HeardPing>
    }

    /// More than what comes at the same time may be apart.
    private static let slack = Duration.milliseconds(1)

    /// A run of a slot, or that somebody wanted: of what pings it says what was heard until then, and where a
    /// ping of that very instant has made a run already, it goes a little later.
    mutating func judge(
        _ run: Run, isEvaluated: Bool, _ reading: inout Reading, _ expected: inout Expected, at now: Timestamp
    ) throws(Interruption) {
        let place = place(of: run.healthCheck)
        guard let kept = reading.runs.popFirst(), kept.healthCheck == books[place].id,
            kept.at == run.at || kept.slot == nil && kept.at > run.at && kept.at - run.at < Self.slack
        else { throw .broken("runs of what is no more are nobody's", "\(run)") }
        try account(kept)
        if let schedule = books[place].configured?.heartbeat, run.result.fault == nil {
            let heart = books[place].heart ?? Heart(listeningSince: now)
            let isOvertaken = heart.endedAt.map { $0 - run.startedAt > .seconds(1) } ?? false
            let cause =
                isOvertaken
                ? .internal : heart.cause(schedule, listening: listeningSince, at: run.startedAt)
            try compare(kept, cause)
        }
        if isEvaluated { try expect(kept, &expected) }
    }

    mutating func hear(
        _ heard: HeardPing, _ reading: inout Reading, _ expected: inout Expected, at now: Timestamp
    ) throws(Interruption) {
        let place = place(of: heard.healthCheck)
        guard let schedule = books[place].configured?.heartbeat else { return }
        var heart = books[place].heart ?? Heart(listeningSince: now)
        guard let kept = reading.pings.popFirst(), kept.healthCheck == books[place].id,
            kept.ping.kind == heard.ping.kind, kept.at >= heard.at, kept.at - heard.at < Self.slack,
            heart.lastHeard.map({ kept.at > $0 }) ?? true
        else { throw .broken("a ping is kept, once and in its order", "\(heard)") }
        heart.take(heard.ping.kind, at: kept.at)
        books[place].heart = heart
        guard heard.ping.kind != .start, heard.ping.kind != .log else { return }
        try complete(
            place, at: kept.at, heart.cause(schedule, listening: listeningSince, at: kept.at), &reading,
            &expected)
    }

    /// Its time was up then, as far as was known.
    mutating func look(
        after id: HealthCheckID, at instant: Timestamp, _ reading: inout Reading, _ expected: inout Expected
    ) throws(Interruption) {
        let place = place(of: id)
        guard let configured = books[place].configured, configured.isEnabled,
            let schedule = configured.heartbeat, let heart = books[place].heart,
            let cause = heart.cause(schedule, listening: listeningSince, at: instant)
        else { return }
        try complete(place, at: instant, cause, &reading, &expected)
    }

    private mutating func complete(
        _ place: Int, at instant: Timestamp, _ cause: Cause?, _ reading: inout Reading,
        _ expected: inout Expected
    ) throws(Interruption) {
        guard let run = reading.runs.popFirst(), run.healthCheck == books[place].id,
            run.trigger == .heartbeat, run.at >= instant, run.at - instant < Self.slack
        else { throw .broken("what a ping comes to is a run", "\(books[place].id) at \(instant)") }
        try account(run)
        try compare(run, cause)
        if books[place].configured?.isEnabled == true { try expect(run, &expected) }
    }

    private func compare(_ run: Run, _ cause: Cause?) throws(Interruption) {
        guard run.result.fault?.cause == cause else {
            let wanted = cause.map(\.rawValue) ?? "nothing"
            throw .broken("who does not ping in time is missed, and nobody else", "\(run), not \(wanted)")
        }
    }
}
