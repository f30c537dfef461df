import VitalsCore

/// What the store says, in memory: beliefs, pages and unsent notifications. Drafts are made on top of it, and
/// become part of it once they are committed; a failed commit leaves it as it was.
struct Ledger: Sendable {
    /// As configured; by these the words of a notification are found.
    private(set) var profiles: [HealthCheckID: HealthCheckView]
    private(set) var channels: [ChannelSettings]
    /// Where people reach the server, for links.
    let publicURL: String?
    private(set) var beliefs: [HealthCheckID: Belief]
    private(set) var pagers: [PageKey: Pager]
    /// The newest miss of each health check, which the next one may continue.
    private(set) var lastMisses: [HealthCheckID: Miss]
    /// Notifications whose first attempt has not begun.
    private(set) var unsent: [NotificationID: Notification]
    /// What is known of those that ping.
    private(set) var heartbeats: [HealthCheckID: Heartbeat]
    /// The newest slot that was run of each of them: runs that pings came to may be newer than slots that
    /// have yet to be recorded.
    private var lastSlots: [HealthCheckID: Timestamp] = [:]
    /// When their time is up, if nothing is heard until then.
    var deadlines: [HealthCheckID: Timestamp] = [:]
    /// None of them is earlier.
    var firstDeadline: Timestamp?
    /// Before it, pings may have come to nobody.
    var listeningSince = Timestamp(microseconds: 0)
    /// By their ids, so that what falls due together is always recorded in the same order.
    private var enabled: [HealthCheckID]
    /// Runs with a lower ticket were of another target.
    private var firstTickets: [HealthCheckID: Int] = [:]
    /// Runs only put off when a state is overdue, unless they change it: until then nobody need look.
    private var nothingOverdueBefore = Timestamp(microseconds: 0)
    /// What is on its way still speaks of health checks by names that they had.
    private(set) var names: [HealthCheckID: HealthCheckID] = [:]
    /// When the server last spoke of itself, by reason.
    private var selfAlerts: [String: Timestamp] = [:]

    /// The server repeats itself at most once an hour for each reason.
    private static let selfAlertPause: Duration = .seconds(3_600)

    /// - Parameters:
    ///   - profiles: one for each configured health check.
    ///   - stored: what the store gave back.
    init(
        profiles: [HealthCheckView], channels: [ChannelSettings], stored: StoredState,
        publicURL: String? = nil
    ) {
        self.publicURL = publicURL
        self.profiles = Dictionary(uniqueKeysWithValues: profiles.map { ($0.healthCheck.id, $0) })
        self.channels = channels
        enabled = Self.enabled(of: profiles)
        // What was before a registration is not continued.
        beliefs = stored.healthChecks.mapValues { known in
            Belief(
                known.evaluation, lastRun: known.lastRun.flatMap { $0.at >= known.registeredAt ? $0 : nil },
                vitals: known.vitals, server: KnownServer(identifier: known.serverIdentifier),
                since: known.registeredAt)
        }
        lastMisses = stored.healthChecks.compactMapValues { known in
            known.lastMiss.flatMap { $0.to > known.registeredAt ? $0 : nil }
        }
        heartbeats = stored.healthChecks.compactMapValues(\.heartbeat)
        lastSlots = stored.healthChecks.compactMapValues { $0.heartbeat == nil ? nil : $0.lastSlot }
        for profile in profiles where beliefs[profile.healthCheck.id] == nil {
            beliefs[profile.healthCheck.id] = Belief()
        }
        unsent = [:]
        pagers = [:]
        for page in stored.pages {
            let key = PageKey(page.healthCheck, page.channel)
            pagers[key] = pager(key, page: page.page, deliveredAt: stored.cooldowns[key])
        }
        for (key, instant) in stored.cooldowns where pagers[key] == nil {
            pagers[key] = pager(key, deliveredAt: instant)
        }
        for entry in stored.notifications {
            restore(entry)
        }
        for id in heartbeats.keys { expect(id) }
    }

    /// What the start means for each health check, page and notification that is stored or configured.
    ///
    /// - Parameter renamed: former ids of what is stored, under its new ones already.
    /// - Returns: what is to be recorded first, and which health checks are to run at once.
    func opening(
        _ stored: StoredState, renamed: [HealthCheckID: HealthCheckID] = [:], at now: Timestamp
    ) -> (items: [LedgerItem], runAtOnce: Set<HealthCheckID>) {
        var items: [LedgerItem] = []
        var runAtOnce: Set<HealthCheckID> = []
        let formerIDs = Dictionary(uniqueKeysWithValues: renamed.map { ($1, $0) })
        for id in Set(profiles.keys).union(stored.healthChecks.keys).sorted() {
            let before = stored.healthChecks[id].map { known in
                let newest = [known.lastSlot, known.lastRun?.accounted].compactMap(\.self).max()
                return Restart.Before(
                    revision: known.revision, interval: known.interval, isEnabled: known.isEnabled,
                    registered: known.registeredAt, newest: newest, formerID: formerIDs[id])
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
        // Of a health check that is gone nothing but its cooldown may be left, which nobody needs.
        items += pagers.filter { key, pager in
            !known.contains(key.channel) || profiles[key.healthCheck] == nil && pager.isSilent
        }.keys
            .sorted().map { .drop($0) }
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

    /// What is known of health checks goes on under other ids.
    mutating func rename(_ renamed: [HealthCheckID: HealthCheckID]) {
        guard !renamed.isEmpty else { return }
        names = names.mapValues { renamed[$0] ?? $0 }
        for (former, id) in renamed {
            names[former] = id
            profiles[id] = profiles.removeValue(forKey: former)
            beliefs[id] = beliefs.removeValue(forKey: former)?.renamed(to: id)
            lastMisses[id] = lastMisses.removeValue(forKey: former)?.renamed(to: id)
            firstTickets[id] = firstTickets.removeValue(forKey: former)
            heartbeats[id] = heartbeats.removeValue(forKey: former)
            lastSlots[id] = lastSlots.removeValue(forKey: former)
            deadlines[id] = deadlines.removeValue(forKey: former)
        }
        for (key, pager) in pagers {
            guard let id = renamed[key.healthCheck] else { continue }
            pagers[key] = nil
            pagers[PageKey(id, key.channel)] = pager.renamed(to: id)
        }
        unsent = unsent.mapValues { $0.renamed(by: renamed) }
    }

    /// From now on this holds; what was removed is still known until `adopt`.
    mutating func follow(_ change: Reconfiguration) {
        for view in change.changed { profiles[view.healthCheck.id] = view }
        channels = change.channels
    }

    /// What is known of a health check, as of the last commit; nothing when there is none.
    func before(_ id: HealthCheckID) -> Restart.Before? {
        guard let healthCheck = profiles[id]?.healthCheck, let belief = beliefs[id] else { return nil }
        let newest = [belief.lastRun?.accounted, lastSlots[id], lastMisses[id]?.to].compactMap(\.self).max()
        return Restart.Before(
            revision: healthCheck.revision, interval: healthCheck.policy.interval,
            isEnabled: healthCheck.isEnabled, registered: belief.since ?? Timestamp(microseconds: 0),
            newest: newest, formerID: healthCheck.id == id ? nil : healthCheck.id)
    }

    /// Whether a run was of a target, of a health check or of a slot that is none any more.
    func isVoid(_ run: Run, ticket: Int) -> Bool {
        profiles[run.healthCheck] == nil || firstTickets[run.healthCheck].map { ticket < $0 } ?? false
            || run.slot.map { isAccounted($0, of: run.healthCheck) } ?? false
    }

    func isVoid(_ miss: Miss) -> Bool {
        profiles[miss.healthCheck] == nil || isAccounted(miss.to, of: miss.healthCheck)
    }

    /// It is of before its health check became what it is.
    private func isAccounted(_ slot: Timestamp, of id: HealthCheckID) -> Bool {
        beliefs[id]?.since.map { slot <= $0 } ?? false
    }

    private mutating func adopt(_ change: Reconfiguration) {
        rename(change.renamed)
        for view in change.changed {
            let id = view.healthCheck.id
            // Where only its policy is another, what is in flight tells of it still.
            if profiles[id]?.healthCheck.revision != view.healthCheck.revision {
                firstTickets[id] = change.firstTicket
            }
        }
        follow(change)
        for id in change.removed {
            profiles[id] = nil
            firstTickets[id] = nil
        }
        // Whoever is called so now is meant by it.
        for view in change.changed { names[view.healthCheck.id] = nil }
        for view in change.changed { expect(view.healthCheck.id) }
        enabled = Self.enabled(of: profiles.values)
        nothingOverdueBefore = Timestamp(microseconds: 0)
    }

    private static func enabled(of profiles: some Sequence<HealthCheckView>) -> [HealthCheckID] {
        profiles.map(\.healthCheck).filter(\.isEnabled).map(\.id).sorted()
    }

    /// The changes' batch was committed: what they say is true.
    mutating func adopt(_ changes: Changes) {
        if let change = changes.reconfiguration { adopt(change) }
        beliefs.merge(changes.beliefs) { $1 }
        if !changes.batch.evaluations.isEmpty { nothingOverdueBefore = Timestamp(microseconds: 0) }
        for (id, miss) in changes.lastMisses {
            lastMisses[id] = miss
        }
        heartbeats.merge(changes.heartbeats) { $1 }
        lastSlots.merge(changes.lastSlots) { $1 }
        for (id, deadline) in changes.deadlines { setDeadline(of: id, deadline) }
        for id in changes.batch.removed {
            heartbeats[id] = nil
            lastSlots[id] = nil
            deadlines[id] = nil
            beliefs[id] = nil
            lastMisses[id] = nil
        }
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
    mutating func overdue(baseline: Timestamp, at now: Timestamp) -> [LedgerItem] {
        guard now >= nothingOverdueBefore else { return [] }
        var items: [LedgerItem] = []
        nothingOverdueBefore = Timestamp(microseconds: .max)
        for id in enabled {
            guard let belief = beliefs[id], !belief.evaluation.isStale,
                let policy = profiles[id]?.healthCheck.policy
            else { continue }
            let expiry = belief.expiry(policy, baseline: baseline)
            nothingOverdueBefore = min(nothingOverdueBefore, expiry)
            if expiry <= now { items.append(.age(id, baseline: baseline)) }
        }
        return items
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
        return begun
            + fresh.sorted { $0.id < $1.id }.map { notification in
                let key = notification.healthCheck.map { PageKey($0, notification.channel) }
                return StoredNotification(
                    notification: notification, nextAttemptAt: key.flatMap { pagers[$0]?.heldUntil })
            }
    }

    /// What a channel is told of a health check, from scratch or as the store has it.
    func pager(
        _ key: PageKey, page: Page? = nil, active: NotificationID? = nil, waiting: Notice? = nil,
        deliveredAt: Timestamp? = nil
    ) -> Pager {
        let cooldown = channels.first { $0.id == key.channel }?.cooldown ?? .zero
        return Pager(
            key.healthCheck, key.channel, cooldown: cooldown,
            snoozedUntil: profiles[key.healthCheck]?.healthCheck.snoozedUntil, page: page, active: active,
            waiting: waiting, deliveredAt: deliveredAt)
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
        pagers[key] = self.pager(
            key, page: pager?.page, active: entry.isBegun ? notification.id : pager?.active,
            waiting: entry.isBegun ? pager?.waiting : notification.notice, deliveredAt: pager?.deliveredAt)
    }
}

extension Run {
    /// Up to when slots are accounted for once this is recorded; nothing: a ping says nothing of slots.
    fileprivate var accounted: Timestamp? { trigger == .heartbeat ? nil : at }
}

extension Notification {
    fileprivate var notice: Notice {
        Notice(id: id, channel: channel, kind: kind, at: at, episode: episode)
    }
}
