import VitalsCore

/// What became of one health check's slots since the process's start, as far as it is recorded.
struct RunCounts: Sendable, Equatable {
    private var passes = 0
    private var warns = 0
    private var fails = 0
    private var inconclusives = 0
    /// Rarely any: nothing is allocated for those who miss none.
    private(set) var misses: [MissReason: Int] = [:]
    /// Nothing where the target is no database.
    private(set) var database: DatabaseCounts?

    init(isDatabase: Bool = false) {
        database = isDatabase ? DatabaseCounts() : nil
    }

    /// Runs that ended so.
    private(set) subscript(outcome: Outcome) -> Int {
        get {
            switch outcome {
            case .pass: passes
            case .warn: warns
            case .fail: fails
            case .inconclusive: inconclusives
            }
        }
        set {
            switch outcome {
            case .pass: passes = newValue
            case .warn: warns = newValue
            case .fail: fails = newValue
            case .inconclusive: inconclusives = newValue
            }
        }
    }

    mutating func add(_ run: Run) {
        self[run.outcome] += 1
        database?.add(run)
    }

    mutating func add(_ miss: Miss) { misses[miss.reason, default: 0] += miss.count }

    /// The same under another configuration, by which its target may be of another kind.
    func following(isDatabase: Bool) -> RunCounts {
        guard isDatabase != (database != nil) else { return self }
        var counts = self
        counts.database = isDatabase ? DatabaseCounts() : nil
        return counts
    }
}

/// What was recorded since the process's start, of all health checks together.
struct RecordCounts: Sendable, Equatable {
    /// What became of an attempt to deliver a notification, by channel.
    struct Delivery: Sendable, Hashable {
        enum Outcome: String, Sendable, CaseIterable {
            case delivered, failed, refused
        }

        let channel: ChannelID
        let outcome: Outcome
    }

    /// How long after their slots runs began.
    private(set) var lateness = Histogram(
        [5, 20, 100, 500, 1_000, 5_000, 30_000].map { .milliseconds($0) })
    /// How long after their end runs were recorded.
    private(set) var delay = Histogram(
        [50, 100, 300, 500, 1_000, 5_000, 30_000].map { .milliseconds($0) })
    private(set) var deliveries: [Delivery: Int] = [:]

    mutating func add(_ run: Run, at now: Timestamp) {
        if let slot = run.slot { lateness.add(run.startedAt - slot) }
        delay.add(now - run.endedAt)
    }

    mutating func add(_ outcome: DeliveryOutcome, by channel: ChannelID) {
        let outcome: Delivery.Outcome =
            switch outcome {
            case .delivered: .delivered
            case .failed: .failed
            case .refused: .refused
            }
        deliveries[Delivery(channel: channel, outcome: outcome), default: 0] += 1
    }
}
