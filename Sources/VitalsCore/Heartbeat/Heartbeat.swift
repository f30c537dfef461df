/// What a target says of itself when it pings.
package struct Ping: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// A job has begun; its end is to follow.
        case start
        case success
        /// With the exit status of the job, where it is known.
        case failure(status: Int?)
        /// For the record only.
        case log
    }

    package let kind: Kind
    /// Pairs an end with its beginning, where jobs overlap.
    package let run: String?

    /// How long the job took, where the target says so itself.
    package let duration: Duration?

    package init(_ kind: Kind, run: String? = nil, duration: Duration? = nil) {
        self.kind = kind
        self.run = run
        self.duration = duration
    }
}

/// What is known of a target that pings.
package struct Heartbeat: Sendable, Equatable {
    /// A job that has begun and not ended.
    package struct Start: Sendable, Equatable {
        package let run: String?
        package let at: Timestamp

        package init(run: String?, at: Timestamp) {
            self.run = run
            self.at = at
        }
    }

    /// The newest end of a job, or ping of one that says nothing of its beginning.
    package struct End: Sendable, Equatable {
        package let at: Timestamp
        package let kind: Ping.Kind
        /// From its beginning, where that is known.
        package let duration: Duration?

        package init(at: Timestamp, kind: Ping.Kind, duration: Duration?) {
            self.at = at
            self.kind = kind
            self.duration = duration
        }
    }

    /// Oldest first.
    package private(set) var starts: [Start] = []
    package private(set) var lastEnd: End?
    /// When anything was heard last, whatever it said.
    package private(set) var lastHeard: Timestamp?
    /// Since when pings are heard; before it, they may have come to nobody.
    package private(set) var listeningSince: Timestamp

    private static let mostStarts = 16
    /// Beyond it the two belong to different jobs.
    static let longestJob = Duration.seconds(72 * 3_600)

    package init(listeningSince: Timestamp) {
        self.listeningSince = listeningSince
    }

    /// Of a store.
    package init(starts: [Start], lastEnd: End?, lastHeard: Timestamp?, listeningSince: Timestamp) {
        self.starts = Array(starts.suffix(Self.mostStarts))
        self.lastEnd = lastEnd
        self.lastHeard = lastHeard
        self.listeningSince = listeningSince
    }

    /// Takes in a ping. One that comes late, after a newer one, changes nothing that the newer one said.
    package mutating func apply(_ ping: Ping, at instant: Timestamp) {
        lastHeard = max(lastHeard ?? instant, instant)
        switch ping.kind {
        case .log:
            return
        case .start:
            starts.removeAll { $0.run == ping.run }
            starts.append(Start(run: ping.run, at: instant))
            if starts.count > Self.mostStarts { starts.removeFirst() }
        case .success, .failure:
            let start = starts.last { $0.run == ping.run && $0.at <= instant }
            // A job that began before this one, and has not ended, never will. What is told twice says
            // nothing of other jobs.
            if start != nil || ping.run == nil { starts.removeAll { $0.at <= start?.at ?? instant } }
            guard instant >= lastEnd?.at ?? instant else { return }
            let duration = ping.duration ?? start.map { instant - $0.at }
            lastEnd = End(
                at: instant, kind: ping.kind, duration: duration.flatMap { $0 <= Self.longestJob ? $0 : nil })
        }
    }

    /// Nobody heard pings until now.
    package mutating func listen(since instant: Timestamp) {
        listeningSince = instant
    }

    /// What is to be said of the target: nothing when it is well.
    package func fault(_ schedule: HeartbeatSchedule, at now: Timestamp) -> Fault? {
        if let start = starts.first, let fault = overdue(start, schedule, at: now) { return fault }
        guard let lastEnd else {
            // It may not be set up yet, which is ours to mend; a job that has begun is on its way.
            guard starts.isEmpty else { return nil }
            return Fault(.notProvisioned, in: .request, message: "nothing has pinged yet")
        }
        if case .failure(let status) = lastEnd.kind {
            let words = status.map { "exit status \($0)" } ?? "a failure"
            return Fault(
                .condition, in: .request, code: status.map { "exit \($0)" },
                message: "reported \(words) at \(Self.shown(lastEnd.at, at: now))")
        }
        guard let expected = schedule.expected(after: lastEnd.at) else { return nil }
        // A job that began in time is on its way; one that began too late is missed until it has ended.
        if let start = starts.first, start.at <= max(expected, listeningSince) + schedule.grace { return nil }
        return missing(by: expected, schedule, at: now)
    }

    private func missing(
        by expected: Timestamp, _ schedule: HeartbeatSchedule, at now: Timestamp
    ) -> Fault? {
        // While nobody listened a ping may have been sent: one grace is given from there.
        guard now > max(expected, listeningSince) + schedule.grace else { return nil }
        return Fault(
            .heartbeatMissing, in: .request,
            message: "expected by \(Self.shown(expected, at: now)), \(Self.words(now - expected)) ago")
    }

    private func overdue(_ start: Start, _ schedule: HeartbeatSchedule, at now: Timestamp) -> Fault? {
        guard now > max(start.at, listeningSince) + schedule.grace else { return nil }
        return Fault(
            .heartbeatMissing, in: .request,
            message: "began at \(Self.shown(start.at, at: now)), \(Self.words(now - start.at)) ago, "
                + "and has not ended")
    }

    /// When this says something else if nobody pings until then; nothing: never.
    package func deadline(_ schedule: HeartbeatSchedule) -> Timestamp? {
        let from = starts.first?.at ?? lastEnd.flatMap { schedule.expected(after: $0.at) }
        return from.map { max($0, listeningSince) + schedule.grace }
    }

    /// The time of the day, and the day where it is another one.
    private static func shown(_ instant: Timestamp, at now: Timestamp) -> String {
        let text = instant.iso8601
        let day = text.prefix { $0 != "T" }
        let time = text.dropFirst(day.count + 1).prefix(8)
        return now.iso8601.hasPrefix(day) ? "\(time)Z" : "\(day) \(time)Z"
    }

    /// `40 seconds`, `12 minutes`, `5 hours`, `3 days`.
    private static func words(_ duration: Duration) -> String {
        let seconds = max(0, duration.microseconds / 1_000_000)
        let (count, unit) =
            switch seconds {
            case ..<120: (seconds, "second")
            case ..<7_200: (seconds / 60, "minute")
            case ..<172_800: (seconds / 3_600, "hour")
            default: (seconds / 86_400, "day")
            }
        return "\(count) \(unit)\(count == 1 ? "" : "s")"
    }
}
