import VitalsCore
import VitalsEngine

/// What the auditor knows of one health check, by its own reckoning.
struct Book {
    /// What it is called now.
    var id: HealthCheckID
    /// As configured; nothing: not any more.
    var configured: HealthCheck?
    var isRegistered = false

    // Slots, by the grid that held when it was last registered.
    var phase: Int64 = 0
    var interval: Int64 = 1
    /// Whether it has slots.
    var isEnabled = false
    /// The newest slot that was run or missed; or else the instant from which slots count.
    var accounted: Int64 = 0
    /// The newest row of misses, and the interval of its slots.
    var row: Miss?
    var rowInterval: Int64 = 1
    /// The `at` of the newest run.
    var lastRun: Int64 = 0

    // What is running.
    var isRunning = false
    var confirmations = 0
    var endedAt: Timestamp?

    // What the runs say, by rules written down once more.
    var state = State.unknown
    var since: Timestamp?
    var isStale = false
    var fails = 0
    var passes = 0
    var others = 0
    var hasWarn = false
    var hasPassed = false
    var rejected = 0
    /// Since when it is as it is, within this process: slots up to then are accounted for.
    var begunAt: Timestamp?
    /// Runs with a lower ticket were of another target.
    var firstTicket = 0
    /// Whether a run or confirmation may be of a policy that holds no more.
    var isOfOldPolicy = false
    /// The newest runs that count, where a window judges.
    var recent: [Outcome] = []
    var episode: EpisodeID?
    var lastConclusive: Timestamp?
    var backedOffUntil: Timestamp?
    /// Nothing: nothing was ever heard of it.
    var heart: Heart?

    // Time spent, by state.
    var registeredAt: Timestamp?
    var changedAt: Timestamp?
    var times: [State: Duration] = [:]

    init(_ id: HealthCheckID) {
        self.id = id
    }

    /// Nothing is known of it any more.
    mutating func forget(at now: Timestamp) {
        if state != .unknown { since = now }
        state = .unknown
        isStale = false
        (fails, passes, others, rejected) = (0, 0, 0, 0)
        (hasWarn, hasPassed) = (false, false)
        recent = []
        episode = nil
        lastConclusive = nil
        backedOffUntil = nil
    }

    /// The newest slot at `instant`.
    func slot(at instant: Int64) -> Int64 {
        instant - ((instant - phase) % interval + interval) % interval
    }
}
