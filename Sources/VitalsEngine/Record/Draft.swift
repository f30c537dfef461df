import VitalsCore

/// What a batch changes, kept apart from what is committed until it is committed too.
struct Changes: Sendable {
    var batch = Batch()
    var consequences = Consequences()
    var beliefs: [HealthCheckID: Belief] = [:]
    var pagers: [PageKey: Pager] = [:]
    /// Nothing: there is none to continue any more.
    var lastMisses: [HealthCheckID: Miss?] = [:]
    /// Nothing: not unsent any more.
    var unsent: [NotificationID: Notification?] = [:]
    var selfAlerts: [String: Timestamp] = [:]
    var reconfiguration: Reconfiguration?
    var heartbeats: [HealthCheckID: Heartbeat] = [:]
    /// Of those that ping.
    var lastSlots: [HealthCheckID: Timestamp] = [:]
    /// Nothing: their time is never up, or is told of already.
    var deadlines: [HealthCheckID: Timestamp?] = [:]
}

/// One batch in the making.
struct Draft: Sendable {
    var changes = Changes()
    /// In this batch.
    private var registered: Set<HealthCheckID> = []
    private(set) var ledger: Ledger
    let now: Timestamp

    init(_ ledger: Ledger, at now: Timestamp) {
        self.ledger = ledger
        self.now = now
    }

    mutating func apply(_ item: LedgerItem) {
        let (item, former) = item.renamed(by: ledger.names)
        switch item {
        case .run(let run, let ticket, _) where ledger.isVoid(run, ticket: ticket):
            // What it found is nobody's any more.
            changes.consequences.voided.append(
                Consequences.Completion(run: run, ticket: ticket, former: former))
        case .run(let asked, let ticket, let isEvaluated):
            let run = record(judged(asked), isEvaluated: isEvaluated)
            if let slot = run.slot, ledger.profiles[run.healthCheck]?.healthCheck.heartbeat != nil {
                changes.lastSlots[run.healthCheck] = slot
            }
            changes.consequences.completions.append(
                Consequences.Completion(run: run, ticket: ticket, former: former))
            changes.consequences.signals.append(.runCompleted(run))
        case .miss(let miss):
            if !ledger.isVoid(miss) { record(miss) }
        case .ping(let heard, let ticket):
            hear(heard, ticket: ticket)
        case .due(let id, let at):
            look(after: id, at: at)
        case .age(let id, let baseline):
            guard let profile = ledger.profiles[id]?.healthCheck else { return }
            change(id) { [now] in $0.expire(id, profile.policy, baseline: baseline, at: now) }
        case .claim(let id):
            claim(id)
        case .attempt(let attempt, let notification):
            record(attempt, of: notification)
        case .retry(let known):
            retry(known)
        case .register(let healthCheck):
            register(healthCheck)
        case .reset(let id, let reason):
            change(id) { [now] in $0.reset(id, because: reason, at: now) }
        case .remove(let id):
            changes.batch.removed.append(id)
        case .drop(let key):
            page(key) { $0.drop() }
        case .cancel(let id):
            cancel(id)
        case .speak(let reason):
            speak(reason, except: nil)
        case .reconfigure(let change):
            reconfigure(change)
        }
    }

    // MARK: Configuration

    private mutating func reconfigure(_ change: Reconfiguration) {
        ledger.rename(change.renamed)
        let touched =
            change.changed.map { ($0.healthCheck.id, $0.healthCheck) } + change.removed.map { ($0, nil) }
        let before = touched.map { ledger.before($0.0) }
        ledger.follow(change)
        changes.reconfiguration = change
        changes.batch.renamed = change.renamed
        changes.batch.resources += change.resources
        for key in ledger.pagers.keys.sorted() {
            guard let channel = change.channels.first(where: { $0.id == key.channel }) else { continue }
            let snooze = ledger.profiles[key.healthCheck]?.healthCheck.snoozedUntil
            page(key) { [now] in $0.follow(cooldown: channel.cooldown, snoozedUntil: snooze, at: now) }
        }
        for ((id, configured), before) in zip(touched, before) {
            for consequence in Restart.change(of: id, before: before, configured: configured, at: now) {
                perform(consequence, id)
            }
        }
        let channels = Set(change.channels.map(\.id))
        let orphans = ledger.pagers.keys.filter { !channels.contains($0.channel) }
        for key in orphans.sorted() {
            page(key) { $0.drop() }
        }
        for notification in ledger.unsent.values
        where notification.healthCheck == nil && !channels.contains(notification.channel) {
            cancel(notification.id)
        }
    }

    private mutating func perform(_ consequence: Restart.Consequence, _ id: HealthCheckID) {
        switch consequence {
        case .register: ledger.profiles[id].map { register($0.healthCheck) }
        case .remove: changes.batch.removed.append(id)
        case .reset(let reason): change(id) { [now] in $0.reset(id, because: reason, at: now) }
        case .missed(let miss): record(miss)
        case .runAtOnce: changes.consequences.runAtOnce.insert(id)
        }
    }

    /// Its runs and misses so far were of other slots, or of another target: nothing continues them.
    private mutating func register(_ healthCheck: HealthCheck) {
        let id = healthCheck.id
        registered.insert(id)
        changes.batch.registered.append(Registration(of: healthCheck, at: now))
        let belief = changes.beliefs[id] ?? ledger.beliefs[id]
        changes.beliefs[id] = Belief(
            belief?.evaluation ?? Evaluation(), vitals: belief?.vitals ?? KnownVitals(),
            server: belief?.server ?? KnownServer(), since: now)
        changes.lastMisses[id] = .some(nil)
    }

    // MARK: Runs and misses

    /// Records what a run found.
    ///
    /// - Returns: the run as it is recorded, with the verdict on its server, its vitals and its cluster.
    @discardableResult
    mutating func record(_ found: Run, isEvaluated: Bool) -> Run {
        let belief = changes.beliefs[found.healthCheck] ?? ledger.beliefs[found.healthCheck]
        guard isEvaluated, let profile = ledger.profiles[found.healthCheck]?.healthCheck, var belief else {
            changes.batch.runs.append(found)
            changes.batch.evidence.append(RunKey(found.healthCheck, found.at))
            changes.beliefs[found.healthCheck] = Belief(
                belief?.evaluation ?? Evaluation(), lastRun: found, vitals: belief?.vitals ?? KnownVitals(),
                server: belief?.server ?? KnownServer(), since: belief?.since)
            return found
        }
        let before = belief.server.identifier
        let judged = belief.judge(found, profile.policy)
        let run = judgedAsCluster(judged, belief.server)
        if let identifier = belief.server.identifier, identifier != before {
            changes.batch.serverIdentifiers[run.healthCheck] = .some(identifier)
        }
        if !run.result.vitals.isEmpty { changes.batch.vitals[run.healthCheck] = belief.vitals }
        changes.batch.runs.append(run)
        change(run.healthCheck, run, from: belief) {
            $0.apply(run, profile.policy, isDatabase: profile.kind.isDatabase)
        }
        return run
    }

    /// Continues the last miss if it has the same reason and ends one slot before; or begins another.
    private mutating func record(_ miss: Miss) {
        changes.consequences.misses.append(miss)
        guard !registered.contains(miss.healthCheck) else {
            // A miss of before the registration, by other slots: it neither continues one nor is continued.
            changes.batch.misses.append(miss)
            return
        }
        var row = miss
        let last = changes.lastMisses[miss.healthCheck] ?? ledger.lastMisses[miss.healthCheck]
        if let last, last.reason == miss.reason, let profile = ledger.profiles[miss.healthCheck],
            last.to + profile.healthCheck.policy.interval == miss.from
        {
            row = Miss(
                of: miss.healthCheck, from: last.from, to: miss.to, count: last.count + miss.count,
                reason: miss.reason)
        }
        changes.lastMisses[miss.healthCheck] = row
        changes.batch.misses.append(row)
    }

    private mutating func change(
        _ id: HealthCheckID, _ run: Run? = nil, from known: Belief? = nil,
        _ decide: (inout Belief) -> [Effect]
    ) {
        guard var belief = known ?? changes.beliefs[id] ?? ledger.beliefs[id] else { return }
        let before = belief.evaluation
        let identifier = belief.server.identifier
        let effects = decide(&belief)
        if belief.server.identifier != identifier {
            changes.batch.serverIdentifiers[id] = .some(belief.server.identifier)
        }
        changes.beliefs[id] = belief
        if belief.evaluation != before { changes.batch.evaluations[id] = belief.evaluation }
        if before.authFailures > 0, belief.evaluation.authFailures == 0 {
            // The login works again: no slot is skipped any more.
            changes.consequences.backOffs.append((id, now))
        }
        for effect in effects {
            perform(effect, id, run)
        }
    }

    private mutating func perform(_ effect: Effect, _ id: HealthCheckID, _ run: Run?) {
        switch effect {
        case .transition(let transition):
            changes.batch.transitions.append(transition)
            changes.consequences.signals.append(.transition(transition, run?.result.fault))
        case .opened(let episode, let at):
            changes.batch.openedEpisodes.append(OpenedEpisode(id: episode, healthCheck: id, at: at))
        case .ended(let episode, let at, let reason):
            changes.batch.endedEpisodes.append(EndedEpisode(id: episode, at: at, reason: reason))
        case .event(let event):
            tell(event)
        case .confirm(let at):
            if let run { changes.consequences.confirmations.append((id, of: run.at, due: at)) }
        case .backOff(let until):
            changes.consequences.backOffs.append((id, until))
        case .keepEvidence:
            if let run { changes.batch.evidence.append(RunKey(id, run.at)) }
        case .selfAlert(let reason):
            alert(reason, except: nil)
        }
    }

    // MARK: Telling

    /// Every channel that is bound, and every one that has an open page, decides for itself.
    private mutating func tell(_ event: HealthEvent) {
        let bindings = ledger.profiles[event.healthCheck]?.healthCheck.bindings ?? []
        for channel in ledger.channels {
            let binding = bindings.first { $0.channel == channel.id && $0.isEnabled }
            page(PageKey(event.healthCheck, channel.id)) { [now] in $0.apply(event, binding, at: now) }
        }
    }

    private mutating func page(_ key: PageKey, _ decide: (inout Pager) -> [PagerEffect]) {
        let before = changes.pagers[key] ?? ledger.pagers[key] ?? ledger.pager(key)
        var pager = before
        let effects = decide(&pager)
        guard pager != before || !effects.isEmpty else { return }
        changes.pagers[key] = pager
        if pager.page != before.page { changes.batch.pages[key] = .some(pager.page) }
        if pager.deliveredAt != before.deliveredAt {
            changes.batch.cooldowns[key] = .some(pager.deliveredAt)
        }
        for effect in effects {
            switch effect {
            case .create(let notice): create(notice)
            case .cancel(let id): cancel(id)
            case .ready(let id):
                if let notification = changes.unsent[id] ?? ledger.unsent[id] {
                    changes.consequences.ready.append(StoredNotification(notification: notification))
                }
            case .held(let id, let until):
                guard let notification = changes.unsent[id] ?? ledger.unsent[id] else { continue }
                changes.batch.postponed[id] = until
                changes.consequences.ready.append(
                    StoredNotification(notification: notification, nextAttemptAt: until))
            }
        }
    }

    private mutating func create(_ notice: Notice) {
        let view = notice.event.flatMap { event in
            ledger.profiles[event.healthCheck]?.knowing(
                changes.beliefs[event.healthCheck] ?? ledger.beliefs[event.healthCheck], nil)
        }
        let notification = notice.written(view, under: ledger.publicURL, at: now)
        changes.unsent[notice.id] = notification
        changes.batch.notifications.append(notification)
    }

    private mutating func cancel(_ id: NotificationID) {
        changes.unsent[id] = .some(nil)
        changes.batch.cancelled.append(id)
        changes.consequences.cancelled.append(id)
    }

    private mutating func claim(_ id: NotificationID) {
        var isGranted = false
        if let notification = changes.unsent[id] ?? ledger.unsent[id] {
            if let healthCheck = notification.healthCheck {
                page(PageKey(healthCheck, notification.channel)) { [now] pager in
                    isGranted = pager.claim(id, at: now)
                    return isGranted ? [] : pager.hold(id, at: now)
                }
            } else {
                isGranted = true
            }
        }
        if isGranted {
            changes.unsent[id] = .some(nil)
            changes.batch.claimed.append(id)
        }
        changes.consequences.claims.append((id, isGranted))
    }

    /// Only what is the last word to its channel, and is not delivered yet, is told again.
    private mutating func retry(_ known: KnownNotification) {
        let notification = known.stored.notification
        var isGranted = known.status == .pending || known.status == .failed
        if let healthCheck = notification.healthCheck, isGranted {
            page(PageKey(healthCheck, notification.channel)) { pager in
                // What was under way may have been delivered since.
                let isOver = known.status == .failed && known.isLastWord
                isGranted =
                    pager.active == notification.id
                    || isOver && pager.retry(notification.id, notification.kind)
                return []
            }
        }
        if isGranted { changes.batch.retries.append(Retry(of: notification.id, at: now)) }
        changes.consequences.retries.append((known, isGranted))
    }

    private mutating func record(_ attempt: Attempt, of notification: Notification) {
        changes.batch.attempts.append(attempt)
        changes.consequences.signals.append(.delivery(attempt, of: notification))
        if attempt.nextAttemptAt == nil, let healthCheck = notification.healthCheck {
            let isDelivered = if case .delivered = attempt.outcome { true } else { false }
            page(PageKey(healthCheck, notification.channel)) { [now] in
                $0.finish(notification.id, deliveredAt: isDelivered ? attempt.at : nil, at: now)
            }
        }
        guard notification.kind != .self, attempt.nextAttemptAt == nil else { return }
        switch attempt.outcome {
        case .delivered: break
        case .failed: alert("delivery_given_up_\(notification.channel.text)", except: notification.channel)
        case .refused: alert("delivery_refused_\(notification.channel.text)", except: notification.channel)
        }
    }

    /// Says that something is wrong with the server itself, unless it said so lately.
    private mutating func alert(_ reason: String, except channel: ChannelID?) {
        guard changes.selfAlerts[reason] == nil, !ledger.isSilent(about: reason, at: now) else { return }
        changes.selfAlerts[reason] = now
        speak(reason, except: channel)
    }

    /// The server says something of itself, on every default channel.
    private mutating func speak(_ reason: String, except channel: ChannelID?) {
        for settings in ledger.channels where settings.isDefault && settings.id != channel {
            let notice = Notice(ofItself: reason, to: settings.id, at: now)
            create(notice)
            if let notification = changes.unsent[notice.id] ?? nil {
                changes.consequences.ready.append(StoredNotification(notification: notification))
            }
        }
    }
}
