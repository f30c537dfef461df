import VitalsCore

/// What the store says, in memory: beliefs, pages and unsent notifications. Drafts are made on top of it, and
/// become part of it once they are committed; a failed commit leaves it as it was.
struct Ledger: Sendable {
    /// As configured; by these the words of a notification are found.
    let profiles: [HealthCheckID: HealthCheckView]
    let channels: [ChannelSettings]
    private(set) var beliefs: [HealthCheckID: Belief]
    private(set) var pagers: [PageKey: Pager]
    /// The newest miss of each health check, which the next one may continue.
    private(set) var lastMisses: [HealthCheckID: Miss]
    /// Notifications whose first attempt has not begun.
    private(set) var unsent: [NotificationID: Notification]
    /// When the server last spoke of itself, by reason.
    private var selfAlerts: [String: Timestamp] = [:]

    /// The server repeats itself at most once an hour for each reason.
    private static let selfAlertPause: Duration = .seconds(3_600)

    /// - Parameters:
    ///   - profiles: one for each configured health check.
    ///   - stored: what the store gave back.
    init(profiles: [HealthCheckView], channels: [ChannelSettings], stored: StoredState) {
        self.profiles = Dictionary(uniqueKeysWithValues: profiles.map { ($0.healthCheck.id, $0) })
        self.channels = channels
        beliefs = stored.healthChecks.mapValues { Belief($0.evaluation, lastRun: $0.lastRun) }
        lastMisses = stored.healthChecks.compactMapValues(\.lastMiss)
        for profile in profiles where beliefs[profile.healthCheck.id] == nil {
            beliefs[profile.healthCheck.id] = Belief()
        }
        unsent = [:]
        pagers = [:]
        for page in stored.pages {
            let key = PageKey(page.healthCheck, page.channel)
            pagers[key] = Pager(page.healthCheck, page.channel, page: page.page)
        }
        for entry in stored.notifications {
            restore(entry)
        }
    }

    /// What the start means for each health check, page and notification that is stored or configured.
    ///
    /// - Returns: what is to be recorded first, and which health checks are to run at once.
    func opening(
        _ stored: StoredState, at now: Timestamp
    ) -> (items: [LedgerItem], runAtOnce: Set<HealthCheckID>) {
        var items: [LedgerItem] = []
        var runAtOnce: Set<HealthCheckID> = []
        for id in Set(profiles.keys).union(stored.healthChecks.keys).sorted() {
            let before = stored.healthChecks[id].map {
                Restart.Before(
                    revision: $0.revision, interval: $0.interval, isEnabled: $0.isEnabled,
                    accounted: $0.lastSlot ?? $0.lastRun?.at)
            }
            let configured = profiles[id]?.healthCheck
            for consequence in Restart.consequences(for: id, before: before, configured: configured, at: now)
            {
                switch consequence {
                case .register: items += configured.map { [.register($0)] } ?? []
                case .remove: items.append(.remove(id))
                case .reset(let reason): items.append(.reset(id, reason))
                case .missed(let miss): items.append(.miss(miss))
                case .runAtOnce: runAtOnce.insert(id)
                }
            }
        }
        let known = Set(channels.map(\.id))
        items += pagers.keys.filter { !known.contains($0.channel) }
            .sorted { ($0.healthCheck, $0.channel) < ($1.healthCheck, $1.channel) }.map { .drop($0) }
        items += stored.notifications.map(\.notification)
            .filter { $0.healthCheck == nil && !known.contains($0.channel) }.map { .cancel($0.id) }
        return (items, runAtOnce)
    }

    /// Evaluates items, in order, on top of what is committed.
    func draft(_ items: some Sequence<LedgerItem>, at now: Timestamp) -> Changes {
        var draft = Draft(self, at: now)
        for item in items {
            draft.apply(item)
        }
        return draft.changes
    }

    /// The changes' batch was committed: what they say is true.
    mutating func adopt(_ changes: Changes) {
        beliefs.merge(changes.beliefs) { $1 }
        for id in changes.batch.removed {
            beliefs[id] = nil
            lastMisses[id] = nil
        }
        lastMisses.merge(changes.lastMisses) { $1 }
        selfAlerts.merge(changes.selfAlerts) { $1 }
        for (key, pager) in changes.pagers {
            pagers[key] = pager.isIdle ? nil : pager
        }
        for (id, notification) in changes.unsent {
            unsent[id] = notification
        }
    }

    /// Whether the server has spoken of itself for this reason lately, going by what is committed.
    func isSilent(about reason: String, at now: Timestamp) -> Bool {
        selfAlerts[reason].map { now - $0 < Self.selfAlertPause } ?? false
    }

    /// Health checks whose state has grown too old to be believed, going by what is committed.
    func overdue(baseline: Timestamp, at now: Timestamp) -> [LedgerItem] {
        profiles.values.compactMap { profile in
            let healthCheck = profile.healthCheck
            guard healthCheck.isEnabled, var belief = beliefs[healthCheck.id], !belief.evaluation.isStale
            else { return nil }
            let effects = belief.expire(healthCheck.id, healthCheck.policy, baseline: baseline, at: now)
            return effects.isEmpty ? nil : .age(healthCheck.id, baseline: baseline)
        }
    }

    /// Notifications that may be sent: begun before, or with nothing before them.
    func sendable(_ stored: [StoredNotification]) -> [StoredNotification] {
        let begun = stored.filter { entry in
            guard entry.isBegun, channels.contains(where: { $0.id == entry.notification.channel }) else {
                return false
            }
            guard let healthCheck = entry.notification.healthCheck else { return true }
            return pagers[PageKey(healthCheck, entry.notification.channel)]?.active == entry.notification.id
        }
        let fresh = unsent.values.filter { notification in
            guard let healthCheck = notification.healthCheck else { return true }
            let pager = pagers[PageKey(healthCheck, notification.channel)]
            return pager?.active == nil && pager?.waiting?.id == notification.id
        }
        return begun + fresh.sorted { $0.id < $1.id }.map { StoredNotification(notification: $0) }
    }

    /// Of these, the health checks whose next pass changes nothing, and the others.
    func settled(_ beliefs: [HealthCheckID: Belief]) -> (settled: [HealthCheckID], unsettled: [HealthCheckID])
    {
        var settled: [HealthCheckID] = []
        var unsettled: [HealthCheckID] = []
        for (id, belief) in beliefs {
            guard let thresholds = profiles[id]?.healthCheck.policy.thresholds else { continue }
            if belief.evaluation.isSettled(thresholds) { settled.append(id) } else { unsettled.append(id) }
        }
        return (settled, unsettled)
    }

    private mutating func restore(_ entry: StoredNotification) {
        let notification = entry.notification
        if !entry.isBegun { unsent[notification.id] = notification }
        guard let healthCheck = notification.healthCheck else { return }
        let key = PageKey(healthCheck, notification.channel)
        let pager = pagers[key]
        pagers[key] = Pager(
            healthCheck, notification.channel, page: pager?.page,
            active: entry.isBegun ? notification.id : pager?.active,
            waiting: entry.isBegun ? pager?.waiting : notification.notice)
    }
}

extension Notification {
    fileprivate var notice: Notice {
        Notice(id: id, channel: channel, kind: kind, at: at, episode: episode)
    }
}
