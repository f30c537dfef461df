package import VitalsCore

/// Where a node keeps what it must not forget. Operations of the domain, not of SQL; every implementation
/// passes one conformance suite. Errors are the store's own; the caller only ever tries again or gives up.
package protocol Store: Sendable {
    /// What is known of every registered health check that was not removed, and what is still to be told.
    func load() async throws -> StoredState

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

    /// Deliveries with an id above `after`, ascending.
    ///
    /// - Parameter limit: 1 to 1,000.
    func deliveries(after: Int64, limit: Int) async throws -> [Delivery]

    /// What became of a notification; nothing if there is none of this id.
    func notification(_ id: NotificationID) async throws -> KnownNotification?

    /// The last prune that was recorded; nothing before the first.
    func lastPrune() async throws -> Timestamp?

    /// Removes what is older than `cutoff`, at most `limit` rows in one transaction: runs, misses, evidence,
    /// transitions, ended episodes, and ended notifications with their deliveries. What is still to be told
    /// stays. Nothing that looks further back than runs are kept may be built on any of them.
    ///
    /// - Returns: how many rows went; fewer than `limit` when nothing more is to be done.
    func prune(before cutoff: Timestamp, limit: Int) async throws -> Int

    /// Records that a prune was finished at this instant.
    func setLastPrune(_ at: Timestamp) async throws

    /// Bytes on disk that hold rows, free pages not counted, and the oldest run's `at`.
    func extent() async throws -> StoreExtent

    /// Closes it, so that what was recorded is in one file again. Nothing may be asked of it afterwards.
    func close() throws
}

/// How much a store holds, and since when.
package struct StoreExtent: Sendable, Equatable {
    package let bytes: Int64
    package let oldestRun: Timestamp?

    package init(bytes: Int64, oldestRun: Timestamp?) {
        self.bytes = bytes
        self.oldestRun = oldestRun
    }
}

/// What a node begins with.
package struct StoredState: Sendable, Equatable {
    package var healthChecks: [HealthCheckID: StoredHealthCheck]
    package var pages: [StoredPage]
    /// Neither delivered nor failed for good nor cancelled.
    package var notifications: [StoredNotification]
    /// The newest instant of any run, miss, transition or registration; nothing in an empty store.
    package var newest: Timestamp?

    package init(
        healthChecks: [HealthCheckID: StoredHealthCheck] = [:], pages: [StoredPage] = [],
        notifications: [StoredNotification] = [], newest: Timestamp? = nil
    ) {
        self.healthChecks = healthChecks
        self.pages = pages
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

    package init(
        evaluation: Evaluation, revision: Revision, interval: Duration, isEnabled: Bool,
        registeredAt: Timestamp, lastRun: Run?, lastSlot: Timestamp?, lastMiss: Miss?
    ) {
        self.evaluation = evaluation
        self.revision = revision
        self.interval = interval
        self.isEnabled = isEnabled
        self.registeredAt = registeredAt
        self.lastRun = lastRun
        self.lastSlot = lastSlot
        self.lastMiss = lastMiss
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
