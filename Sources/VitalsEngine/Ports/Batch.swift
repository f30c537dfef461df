package import VitalsCore

/// What one transaction records: results and everything that follows from them.
package struct Batch: Sendable, Equatable {
    /// Before all else: former ids of health checks, and what each is called from now on. All that is known
    /// goes on under that; of a removed one of that name only episodes, transitions and notifications stay.
    /// One that is not known, or was removed, stays as it is.
    package var renamed: [HealthCheckID: HealthCheckID] = [:]
    /// New health checks, or known ones with another revision, interval or switch than before. One that was
    /// removed and comes back is new, but keeps its history.
    package var registered: [Registration] = []
    /// Not configured any more; their history stays until it is pruned.
    package var removed: [HealthCheckID] = []
    package var runs: [Run] = []
    /// Of `runs`, those whose message, trace and facts are kept whole, by health check and `at`.
    package var evidence: [RunKey] = []
    /// A miss with the health check and `from` of a stored one replaces it: it has grown.
    package var misses: [Miss] = []
    /// What is known of the vitals of those whose runs measured any, as it is now. What each run measured
    /// stands in its result.
    package var vitals: [HealthCheckID: KnownVitals] = [:]
    /// What the servers that answered call themselves, where it is not what was known; nothing: it is not
    /// known any more.
    package var serverIdentifiers: [HealthCheckID: String?] = [:]
    /// Evaluations that changed.
    package var evaluations: [HealthCheckID: Evaluation] = [:]
    package var transitions: [Transition] = []
    package var openedEpisodes: [OpenedEpisode] = []
    package var endedEpisodes: [EndedEpisode] = []
    /// Pages as they are now; nothing: closed.
    package var pages: [PageKey: Page?] = [:]
    /// When channels last took a message, where a cooldown counts from it; nothing: none does any more.
    package var cooldowns: [PageKey: Timestamp?] = [:]
    /// New ones, in the order in which they were made.
    package var notifications: [Notification] = []
    /// When the first attempt is due of those that a cooldown holds back.
    package var postponed: [NotificationID: Timestamp] = [:]
    /// Never to be sent, or not any more.
    package var cancelled: [NotificationID] = []
    /// First attempts that are about to begin: durable before anything is sent.
    package var claimed: [NotificationID] = []
    /// Attempts that ended.
    package var attempts: [Attempt] = []
    /// What the configuration that people made by hand is from now on.
    package var resources: [ResourceChange] = []
    /// To be tried at this instant, whatever became of the attempts before: delivered and cancelled ones
    /// stay as they are.
    package var retries: [Retry] = []
    /// Pings that were heard.
    package var pings: [HeardPing] = []
    /// What is known of those that sent them, as it is now.
    package var heartbeats: [HealthCheckID: Heartbeat] = [:]

    package init() {}

    package var isEmpty: Bool { self == Batch() }
}

/// A part of the configuration that is kept in the store rather than in a file.
package struct StoredResource: Sendable, Equatable {
    package let key: ResourceKey
    /// JSON text; its secrets are sealed.
    package let body: String
    /// Counts its changes, from 1.
    package let version: Int64

    package init(key: ResourceKey, body: String, version: Int64) {
        self.key = key
        self.body = body
        self.version = version
    }
}

/// What a stored part of the configuration is about.
package struct ResourceKey: Sendable, Hashable, Comparable {
    package enum Kind: String, Sendable, CaseIterable {
        case channel, check, group, system
        /// What was switched off or put off by hand, of a health check or a check, whoever wrote that.
        case override
        /// A request that changed something, by its key: not carried out again if it is sent again.
        case request

        /// Whether it is written as a file would have it.
        package var isConfiguration: Bool { ![.override, .request].contains(self) }
    }

    package let kind: Kind
    package let id: String

    package init(_ kind: Kind, _ id: String) {
        self.kind = kind
        self.id = id
    }

    package static func < (left: ResourceKey, right: ResourceKey) -> Bool {
        (left.kind.rawValue, left.id) < (right.kind.rawValue, right.id)
    }
}

/// A resource as it is from now on.
package struct ResourceChange: Sendable, Equatable {
    package let key: ResourceKey
    /// Nothing: it is removed.
    package let resource: StoredResource?

    package init(_ resource: StoredResource) {
        key = resource.key
        self.resource = resource
    }

    package init(removing key: ResourceKey) {
        self.key = key
        resource = nil
    }
}

/// A health check as it is from an instant on: its slots and its target are not those of before.
package struct Registration: Sendable, Equatable {
    package let healthCheck: HealthCheck
    package let at: Timestamp

    package init(of healthCheck: HealthCheck, at: Timestamp) {
        self.healthCheck = healthCheck
        self.at = at
    }
}

/// A run of this node, by its health check and `at`.
package struct RunKey: Sendable, Hashable {
    package let healthCheck: HealthCheckID
    package let at: Timestamp

    package init(_ healthCheck: HealthCheckID, _ at: Timestamp) {
        self.healthCheck = healthCheck
        self.at = at
    }
}

/// What one channel is told of one health check.
package struct PageKey: Sendable, Hashable, Comparable {
    package let healthCheck: HealthCheckID
    package let channel: ChannelID

    package init(_ healthCheck: HealthCheckID, _ channel: ChannelID) {
        self.healthCheck = healthCheck
        self.channel = channel
    }

    package static func < (left: PageKey, right: PageKey) -> Bool {
        (left.healthCheck, left.channel) < (right.healthCheck, right.channel)
    }
}

/// An episode that began with the run at `at`.
package struct OpenedEpisode: Sendable, Equatable {
    package let id: EpisodeID
    package let healthCheck: HealthCheckID
    package let at: Timestamp

    package init(id: EpisodeID, healthCheck: HealthCheckID, at: Timestamp) {
        self.id = id
        self.healthCheck = healthCheck
        self.at = at
    }
}

/// An episode that is over, and why.
package struct EndedEpisode: Sendable, Equatable {
    package let id: EpisodeID
    package let at: Timestamp
    package let reason: EndReason

    package init(id: EpisodeID, at: Timestamp, reason: EndReason) {
        self.id = id
        self.at = at
        self.reason = reason
    }
}

/// A message to one channel, its words frozen.
package struct Notification: Sendable, Equatable {
    package let id: NotificationID
    package let channel: ChannelID
    package let kind: NoticeKind
    /// When what it tells of happened.
    package let at: Timestamp
    /// When it was written down; it is tried for a day from here.
    package let createdAt: Timestamp
    package let episode: EpisodeID?
    package let healthCheck: HealthCheckID?
    /// JSON text.
    package let body: String

    package init(
        id: NotificationID, channel: ChannelID, kind: NoticeKind, at: Timestamp, createdAt: Timestamp,
        episode: EpisodeID?, healthCheck: HealthCheckID?, body: String
    ) {
        self.id = id
        self.channel = channel
        self.kind = kind
        self.at = at
        self.createdAt = createdAt
        self.episode = episode
        self.healthCheck = healthCheck
        self.body = body
    }

    /// The same words, of a health check that is called otherwise now.
    package func renamed(to id: HealthCheckID) -> Notification {
        Notification(
            id: self.id, channel: channel, kind: kind, at: at, createdAt: createdAt, episode: episode,
            healthCheck: id, body: body)
    }
}

/// One attempt that ended.
package struct Attempt: Sendable, Equatable {
    package let notification: NotificationID
    /// From 1.
    package let number: Int
    package let at: Timestamp
    package let outcome: DeliveryOutcome
    /// When it will be tried again; nothing: this was the last.
    package let nextAttemptAt: Timestamp?

    package init(
        notification: NotificationID, number: Int, at: Timestamp, outcome: DeliveryOutcome,
        nextAttemptAt: Timestamp?
    ) {
        self.notification = notification
        self.number = number
        self.at = at
        self.outcome = outcome
        self.nextAttemptAt = nextAttemptAt
    }
}

/// A notification that is to be tried once more, and when.
package struct Retry: Sendable, Equatable {
    package let notification: NotificationID
    package let at: Timestamp

    package init(of notification: NotificationID, at: Timestamp) {
        self.notification = notification
        self.at = at
    }
}

/// One attempt to deliver a notification, made or still to be made, as the API shows it.
package struct Delivery: Sendable, Equatable {
    package enum Status: String, Sendable, CaseIterable {
        case pending, delivered, failed, cancelled
    }

    /// In the order in which they were written down.
    package let id: Int64
    package let notification: NotificationID
    package let episode: EpisodeID?
    package let kind: NoticeKind
    package let healthCheck: HealthCheckID?
    package let channel: ChannelID
    /// From 1.
    package let attempt: Int
    /// When it was made; while it is pending, when it was written down.
    package let at: Timestamp
    package let status: Status
    package let httpStatus: Int?
    package let error: String?
    /// Of a pending one: when it is due. Of a failed one: when the next one is, if there is another.
    package let nextAttemptAt: Timestamp?

    package init(
        id: Int64, notification: NotificationID, episode: EpisodeID?, kind: NoticeKind,
        healthCheck: HealthCheckID?, channel: ChannelID, attempt: Int, at: Timestamp, status: Status,
        httpStatus: Int?, error: String?, nextAttemptAt: Timestamp?
    ) {
        self.id = id
        self.notification = notification
        self.episode = episode
        self.kind = kind
        self.healthCheck = healthCheck
        self.channel = channel
        self.attempt = attempt
        self.at = at
        self.status = status
        self.httpStatus = httpStatus
        self.error = error
        self.nextAttemptAt = nextAttemptAt
    }
}
