package import VitalsCore

/// Where a node keeps what it must not forget. Operations of the domain, not of SQL; every implementation
/// passes one conformance suite. Errors are the store's own; the caller only ever tries again or gives up.
package protocol Store: Sendable {
    /// What is known of every registered health check that was not removed, and what is still to be told.
    func load() async throws -> StoredState

    /// The parts of the configuration that it keeps, by their keys.
    func resources() async throws -> [StoredResource]

    /// Records a batch, all of it or nothing. The same run twice is one run.
    func record(_ batch: Batch) async throws

    /// Runs and misses of one health check, newest first.
    ///
    /// - Parameters:
    ///   - before: only what is older than this; the `at` of a run, the `from` of a miss.
    ///   - limit: 1 to 1,000.
    func history(
        of healthCheck: HealthCheckID, before: Timestamp?, limit: Int
    ) async throws -> [HistoryItem]

    /// Pings of one health check, newest first.
    ///
    /// - Parameters:
    ///   - before: only what came before this.
    ///   - limit: 1 to 1,000.
    func pings(of healthCheck: HealthCheckID, before: Timestamp?, limit: Int) async throws -> [HeardPing]

    /// The runs of one health check in `range` that measured anything, ascending, with what they say of one
    /// vital.
    ///
    /// - Parameter limit: 1 to 10,000.
    func readings(
        of vital: String, _ healthCheck: HealthCheckID, in range: Range<Timestamp>, limit: Int
    ) async throws -> [VitalReading]

    /// Runs of one health check whose `at` lies in `range`, ascending.
    ///
    /// - Parameter limit: 1 to 10,000.
    func samples(
        of healthCheck: HealthCheckID, in range: Range<Timestamp>, limit: Int
    ) async throws -> [Sample]

    /// Misses of one health check that have a part in `range`, ascending.
    ///
    /// - Parameter limit: 1 to 10,000.
    func misses(
        of healthCheck: HealthCheckID, in range: Range<Timestamp>, limit: Int
    ) async throws -> [Miss]

    /// Hours or days of one health check that begin in `range`, which holds at most 10,000 of them.
    func tallies(
        of healthCheck: HealthCheckID, by tier: Tier, in range: Range<Timestamp>
    ) async throws -> Tallies

    /// Episodes, newest first.
    func episodes(_ query: PastEpisode.Query) async throws -> [PastEpisode]

    /// Transitions, newest first.
    func transitions(_ query: PastTransition.Query) async throws -> [PastTransition]

    /// Deliveries with an id above `after`, ascending.
    ///
    /// - Parameter limit: 1 to 1,000.
    func deliveries(after: Int64, limit: Int) async throws -> [Delivery]

    /// What became of a notification; nothing if there is none of this id.
    func notification(_ id: NotificationID) async throws -> KnownNotification?

    /// Makes hours of runs and misses, and days of hours, of whatever ended before `instant` and was not made
    /// yet, the oldest first: one transaction that begins with no more once it has seen `limit` rows.
    ///
    /// From then on whatever is recorded of such an hour or day is added to it in the transaction that
    /// records it, once. So each run is in its hour exactly once, whenever it comes, and may be pruned.
    func rollUp(before instant: Timestamp, limit: Int) async throws -> RollUp

    /// The last prune that was recorded; nothing before the first.
    func lastPrune() async throws -> Timestamp?

    /// Removes what is older than `cutoff`, at most `limit` rows in one transaction: runs, misses, evidence,
    /// pings, transitions, ended episodes, and ended notifications with their deliveries. What is still to
    /// be told stays. Nothing that looks further back than runs are kept may be built on any of them.
    ///
    /// - Returns: how many rows went; fewer than `limit` when nothing more is to be done.
    func prune(before cutoff: Timestamp, limit: Int) async throws -> Int

    /// Removes hours or days that begin before `cutoff`, at most `limit` of them in one transaction.
    ///
    /// - Returns: how many went; fewer than `limit` when nothing more is to be done.
    func prune(_ tier: Tier, before cutoff: Timestamp, limit: Int) async throws -> Int

    /// Records that a prune was finished at this instant.
    func setLastPrune(_ at: Timestamp) async throws

    /// Bytes on disk that hold rows, free pages not counted, and where the oldest rows begin.
    func extent() async throws -> StoreExtent

    /// Closes it, so that what was recorded is in one file again. Nothing may be asked of it afterwards.
    func close() throws
}

/// How much a store holds, and since when.
package struct StoreExtent: Sendable, Equatable {
    package let bytes: Int64
    package let oldestRun: Timestamp?
    /// The starts of the oldest hour and the oldest day.
    package let oldestHour: Timestamp?
    package let oldestDay: Timestamp?

    package init(
        bytes: Int64, oldestRun: Timestamp?, oldestHour: Timestamp? = nil, oldestDay: Timestamp? = nil
    ) {
        self.bytes = bytes
        self.oldestRun = oldestRun
        self.oldestHour = oldestHour
        self.oldestDay = oldestDay
    }
}

/// What a node begins with.
package struct StoredState: Sendable, Equatable {
    package var healthChecks: [HealthCheckID: StoredHealthCheck]
    package var pages: [StoredPage]
    /// When channels last took a message, where a cooldown counts from it.
    package var cooldowns: [PageKey: Timestamp]
    /// Neither delivered nor failed for good nor cancelled.
    package var notifications: [StoredNotification]
    /// The newest instant of any run, miss, ping, transition or registration; nothing in an empty store.
    package var newest: Timestamp?

    package init(
        healthChecks: [HealthCheckID: StoredHealthCheck] = [:], pages: [StoredPage] = [],
        cooldowns: [PageKey: Timestamp] = [:], notifications: [StoredNotification] = [],
        newest: Timestamp? = nil
    ) {
        self.healthChecks = healthChecks
        self.pages = pages
        self.cooldowns = cooldowns
        self.notifications = notifications
        self.newest = newest
    }
}

/// A health check as it was when the store was last written.
package struct StoredHealthCheck: Sendable, Equatable {
    package let evaluation: Evaluation
    /// As it was last registered.
    package let revision: Revision
    package let interval: Duration
    package let isEnabled: Bool
    /// When that was.
    package let registeredAt: Timestamp
    /// The newest run of any trigger.
    package let lastRun: Run?
    /// The newest slot that is accounted for, by a scheduled run or a miss.
    package let lastSlot: Timestamp?
    /// The newest miss, which the next one may continue.
    package let lastMiss: Miss?
    /// What was heard of it, where it pings.
    package let heartbeat: Heartbeat?
    /// The latest of what is measured besides.
    package let vitals: KnownVitals
    /// What its target called itself last, where it is a database server.
    package let serverIdentifier: String?

    package init(
        evaluation: Evaluation, revision: Revision, interval: Duration, isEnabled: Bool,
        registeredAt: Timestamp, lastRun: Run?, lastSlot: Timestamp?, lastMiss: Miss?,
        heartbeat: Heartbeat? = nil, vitals: KnownVitals = KnownVitals(), serverIdentifier: String? = nil
    ) {
        self.evaluation = evaluation
        self.revision = revision
        self.interval = interval
        self.isEnabled = isEnabled
        self.registeredAt = registeredAt
        self.lastRun = lastRun
        self.lastSlot = lastSlot
        self.lastMiss = lastMiss
        self.vitals = vitals
        self.heartbeat = heartbeat
        self.serverIdentifier = serverIdentifier
    }
}

/// An open page.
package struct StoredPage: Sendable, Equatable {
    package let healthCheck: HealthCheckID
    package let channel: ChannelID
    package let page: Page

    package init(healthCheck: HealthCheckID, channel: ChannelID, page: Page) {
        self.healthCheck = healthCheck
        self.channel = channel
        self.page = page
    }
}

/// A notification that is still to be delivered.
package struct StoredNotification: Sendable, Equatable {
    package let notification: Notification
    /// Whether its first attempt was begun (`Batch.claimed`), though it may not have ended.
    package let isBegun: Bool
    /// Attempts that ended, all of them failed.
    package let endedAttempts: Int
    /// When the next attempt is due; nothing when it is due at once.
    package let nextAttemptAt: Timestamp?

    package init(
        notification: Notification, isBegun: Bool = false, endedAttempts: Int = 0,
        nextAttemptAt: Timestamp? = nil
    ) {
        self.notification = notification
        self.isBegun = isBegun
        self.endedAttempts = endedAttempts
        self.nextAttemptAt = nextAttemptAt
    }
}

/// A notification, and what became of it.
package struct KnownNotification: Sendable, Equatable {
    package let stored: StoredNotification
    package let status: Delivery.Status
    /// Whether its channel was told nothing of its health check after it, nor is to be.
    package let isLastWord: Bool

    package init(_ stored: StoredNotification, status: Delivery.Status, isLastWord: Bool) {
        self.stored = stored
        self.status = status
        self.isLastWord = isLastWord
    }
}

/// One row of a health check's history.
package enum HistoryItem: Sendable, Equatable {
    case run(Run)
    case miss(Miss)

    /// What the history is ordered by: a run's `at`, a miss's `from`.
    package var at: Timestamp {
        switch self {
        case .run(let run): run.at
        case .miss(let miss): miss.from
        }
    }
}
