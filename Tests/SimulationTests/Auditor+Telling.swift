import VitalsCore

@testable import VitalsEngine

/// Whatever paged resolves, and nothing is told that was not to be.
extension Auditor {
    /// What a batch says to channels.
    mutating func hear(
        _ items: [LedgerItem], _ batch: Batch, _ expected: Expected, at now: Timestamp
    ) throws(Interruption) {
        guard
            !batch.notifications.isEmpty || !batch.pages.isEmpty || !batch.claimed.isEmpty
                || !batch.attempts.isEmpty || !batch.cancelled.isEmpty || !batch.cooldowns.isEmpty
                || !expected.happenings.isEmpty
        else { return }
        for notification in batch.notifications { try add(notification) }
        // In the order in which they came: after a delivery the next one may have begun in the same batch.
        for item in items {
            if case .claim(let id) = item, batch.claimed.contains(id) { try begin(id, at: now) }
            if case .attempt(let attempt, _) = item { try end(attempt) }
        }
        for id in batch.cancelled { take(id) }
        var dropped = Set(items.compactMap { if case .drop(let key) = $0 { key } else { nil } })
        dropped.formUnion(batch.pages.keys.filter { !channels.contains($0.channel) })
        for key in dropped { tellings[key]?.deliveredAt = nil }
        for (id, due) in batch.postponed { try checkPostponed(id, until: due, batch) }
        for (key, page) in batch.pages {
            try turn(key, page, isDropped: dropped.contains(key), claimed: batch.claimed)
        }
        try checkKeys(of: batch)
        for happening in expected.happenings { try checkTold(happening, in: expected, at: now) }
    }

    private mutating func add(_ notification: Notification) throws(Interruption) {
        let id = notification.id
        let subject = notification.healthCheck?.text ?? "self"
        if messages[id] != nil { throw .broken("a notification is made once", "\(notification)") }
        messages[id] = Message(notification: notification)
        guard let healthCheck = notification.healthCheck else { return }
        let follows = NotificationID(
            to: notification.channel, of: subject, event: notification.kind.rawValue, at: notification.at)
        guard id == follows else { throw .broken("ids follow from what they name", "\(notification)") }
        let key = PageKey(healthCheck, notification.channel)
        tellings[key, default: Telling()].waiting.append(id)
        let binding = books[place(of: healthCheck)].configured?.bindings
            .first { $0.channel == notification.channel }
        let isPaged = tellings[key]?.page != nil || notification.episode != nil
        let isAllowed =
            switch notification.kind {
            case .down: binding?.onDown == true
            case .degraded: binding?.onDegraded == true
            case .stale: isPaged || binding?.onDown == true
            case .recovered, .ended: isPaged
            case .self: true
            }
        guard isAllowed, channels.contains(notification.channel) else {
            throw .broken("nothing is told that the binding forbids", "\(notification)")
        }
    }

    private mutating func begin(_ id: NotificationID, at now: Timestamp) throws(Interruption) {
        guard let message = messages[id], !message.isBegun, !message.isOver else {
            throw .broken("a first attempt begins once", "\(id)")
        }
        messages[id]?.isBegun = true
        guard let key = message.key else { return }
        try checkCooldown(key, message.notification.kind, at: now)
        try checkSnooze(key, message.notification.kind, at: now)
        tellings[key]?.waiting.removeAll { $0 == id }
        tellings[key]?.active.append(id)
        tellings[key]?.lastBegun = message.notification.kind
    }

    /// Inside the cooldown only an escalation goes out.
    private func checkCooldown(_ key: PageKey, _ kind: NoticeKind, at now: Timestamp) throws(Interruption) {
        guard let telling = tellings[key], let deliveredAt = telling.deliveredAt,
            let cooldown = cooldowns[key.channel], now < deliveredAt + cooldown
        else { return }
        guard kind == .down, telling.lastBegun == .degraded else {
            throw .broken("a cooldown is kept", "\(kind) to \(key) at \(now): \(telling)")
        }
    }

    /// While a health check is snoozed nothing of it goes out but an end.
    private func checkSnooze(_ key: PageKey, _ kind: NoticeKind, at now: Timestamp) throws(Interruption) {
        guard !kind.closes, isSnoozed(key.healthCheck, at: now) else { return }
        throw .broken("a snooze is kept", "\(kind) to \(key) at \(now)")
    }

    private func isSnoozed(_ id: HealthCheckID, at now: Timestamp) -> Bool {
        books[place(of: id)].configured?.snoozedUntil.map { now < $0 } ?? false
    }

    /// Nothing is held back for longer than cooldown and snooze say.
    private func checkPostponed(
        _ id: NotificationID, until due: Timestamp, _ batch: Batch
    ) throws(Interruption) {
        guard let message = messages[id], !message.isOver, !message.isBegun, let key = message.key else {
            return
        }
        let page = batch.pages[key] ?? tellings[key]?.page
        let kind = message.notification.kind
        let isEscalation = kind == .down && page?.told == .degraded
        let calm =
            isEscalation
            ? nil
            : cooldowns[key.channel].flatMap { cooldown in
                tellings[key]?.deliveredAt.map { $0 + cooldown }
            }
        let snooze = kind.closes ? nil : books[place(of: key.healthCheck)].configured?.snoozedUntil
        guard due == [calm, snooze].compactMap(\.self).max() else {
            throw .broken("a cooldown begins with a delivered message", "\(message) waits until \(due)")
        }
    }

    private mutating func end(_ attempt: Attempt) throws(Interruption) {
        guard let message = messages[attempt.notification], message.isBegun else {
            throw .broken("an attempt is recorded as begun before it begins", "\(attempt)")
        }
        guard attempt.number == message.attempts + 1 else {
            throw .broken("attempts are counted", "\(attempt) after \(message.attempts)")
        }
        messages[attempt.notification]?.attempts = attempt.number
        if attempt.nextAttemptAt == nil { take(attempt.notification) }
        if case .delivered = attempt.outcome, let key = message.key, !message.isOver {
            tellings[key]?.deliveredAt = cooldowns[key.channel] == .zero ? nil : attempt.at
        }
    }

    /// It waits no more, and is not on its way any more.
    private mutating func take(_ id: NotificationID) {
        guard let message = messages[id] else { return }
        messages[id]?.isOver = true
        guard let key = message.key else { return }
        tellings[key]?.waiting.removeAll { $0 == id }
        tellings[key]?.active.removeAll { $0 == id }
    }

    private mutating func turn(
        _ key: PageKey, _ page: Page?, isDropped: Bool, claimed: [NotificationID]
    ) throws(Interruption) {
        let before = tellings[key]?.page
        tellings[key, default: Telling()].page = page
        guard let before, page?.episode != before.episode, before.told != nil, !isDropped else { return }
        let isEndClaimed = claimed.contains { id in
            messages[id].map { $0.key == key && $0.notification.kind.closes } ?? false
        }
        if isEndClaimed { return }
        guard !before.tellsRecovery else {
            throw .broken("whatever paged resolves", "\(key): \(before) was closed unsent")
        }
        tellings[key]?.heard = nil
    }

    /// One message is on its way at most, and one waits behind it.
    private func checkKeys(of batch: Batch) throws(Interruption) {
        var keys = Set(batch.pages.keys)
        for notification in batch.notifications { if let key = notification.key { keys.insert(key) } }
        for id in batch.claimed { if let key = messages[id]?.key { keys.insert(key) } }
        for key in keys {
            guard let telling = tellings[key] else { continue }
            if telling.waiting.count > 1 || telling.active.count > 1 {
                throw .broken("one message waits and one is on its way at most", "\(key): \(telling)")
            }
        }
    }

    /// What happened last to a health check is what each channel is told, if its binding wants it.
    private func checkTold(
        _ happening: Expected.Happening, in expected: Expected, at now: Timestamp
    ) throws(Interruption) {
        let isLast = !expected.happenings.contains {
            $0.place == happening.place && $0.at > happening.at
        }
        guard isLast, expected.happenings.last(where: { $0.place == happening.place })?.kind == happening.kind
        else { return }
        let book = books[happening.place]
        for channel in channels {
            let telling = tellings[PageKey(book.id, channel)] ?? Telling()
            let waits = telling.waiting.first.flatMap { messages[$0]?.notification.kind }
            let said = waits ?? telling.page?.told
            let binding = book.configured?.bindings.first { $0.channel == channel }
            let isRight =
                switch happening.kind {
                case .down: binding?.onDown != true || said == .down
                case .degraded: binding?.onDegraded != true || said == .degraded
                case .stale:
                    // An end that waited, or waits, stays.
                    (telling.page == nil && (binding?.onDown != true || isSnoozed(book.id, at: now)))
                        || said == .stale
                        || waits?.closes == true || isEnding(telling)
                case .recovered, .ended: telling.page == nil || said?.closes == true
                case .self: true
                }
            guard isRight else {
                throw .broken("what happened is told", "\(happening) of \(book.id) to \(channel): \(telling)")
            }
        }
    }

    private func isEnding(_ telling: Telling) -> Bool {
        telling.active.contains { messages[$0]?.notification.kind.closes == true }
    }

    // MARK: At the channel

    /// An attempt goes out.
    mutating func sends(_ notification: Notification) throws(Interruption) {
        guard let message = messages[notification.id], message.isBegun else {
            throw .broken("a first attempt is recorded as begun before it begins", "\(notification)")
        }
        guard message.notification == notification.renamed(by: names) else {
            throw .broken("every attempt is the same", "\(notification) is not \(message.notification)")
        }
        // Taken in this process, or known to have been: then it is not repeated.
        guard !message.isOver, message.takenBy != process else {
            throw .broken("a message is repeated only across a crash", "\(notification)")
        }
        guard channels.contains(notification.channel) else {
            throw .broken("a channel that is gone is told nothing", "\(notification)")
        }
        messages[notification.id]?.isSent = true
        guard !message.isSent, let key = message.key else { return }
        try tell(key, notification)
    }

    /// Each opening is closed once: an end follows it, under its id, and nothing but an opening goes before
    /// an end.
    private mutating func tell(_ key: PageKey, _ notification: Notification) throws(Interruption) {
        let telling = tellings[key] ?? Telling()
        let kind = notification.kind
        if kind.closes {
            guard telling.heard != nil, telling.heard == notification.episode else {
                throw .broken("an end follows its opening", "\(notification) to \(telling)")
            }
            tellings[key]?.heard = nil
        } else if let heard = telling.heard {
            guard heard == notification.episode, telling.lastHeard != kind else {
                throw .broken("a page is told under one id, and news only", "\(notification) to \(telling)")
            }
        } else if let page = telling.page, page.episode == notification.episode {
            // Where there is no page any more, its end was never promised.
            tellings[key]?.heard = page.episode
        }
        tellings[key]?.lastHeard = kind
    }

    mutating func answered(_ notification: Notification, _ outcome: DeliveryOutcome) {
        if case .failed = outcome { return }
        messages[notification.id]?.takenBy = process
    }
}

extension Message {
    var key: PageKey? { notification.key }
}

extension Notification {
    var key: PageKey? { healthCheck.map { PageKey($0, channel) } }
}

extension NoticeKind {
    /// Whether it tells the end.
    var closes: Bool { self == .recovered || self == .ended }
}
