/// What one channel has been told about one health check and not yet been told the end of.
package struct Page: Sendable, Equatable {
    /// The episode that opened it; later episodes are told under this id while it is open.
    package let episode: EpisodeID
    /// The binding's flag at that time: whatever has been rebound since, the end is told as was promised.
    package let tellsRecovery: Bool
    /// The last message whose sending was begun; nothing before the first.
    package internal(set) var told: NoticeKind?

    package init(episode: EpisodeID, tellsRecovery: Bool, told: NoticeKind? = nil) {
        self.episode = episode
        self.tellsRecovery = tellsRecovery
        self.told = told
    }
}

/// What a pager owes the outbox.
package enum PagerEffect: Sendable, Equatable {
    /// To be written down, body frozen, in the transaction of the event.
    case create(Notice)
    /// Written down, but never to be sent.
    case cancel(NotificationID)
    /// Nothing stands before it any more: it may be sent.
    case ready(NotificationID)
    /// The same, once cooldown and snooze are over, unless something replaces it before.
    case held(NotificationID, until: Timestamp)
}

/// Sees to it that whatever paged resolves, for one health check and one channel.
///
/// At most one message is being sent (its first attempt was begun and the last has not ended), and at most
/// one waits behind it; while it waits, a later state replaces it. After a message was delivered it also
/// waits for the cooldown to end, unless it is down and the channel was told that it is degraded. While the
/// health check is snoozed nothing goes out but the end of what was told before.
package struct Pager: Sendable, Equatable {
    package let healthCheck: HealthCheckID
    package let channel: ChannelID
    /// From a delivered message to the next that is no escalation; zero: none.
    package private(set) var cooldown: Duration
    /// Until then the channel is told of nothing bad; nothing: it is.
    package private(set) var snoozedUntil: Timestamp?
    package private(set) var page: Page?
    /// Begun and not ended.
    package private(set) var active: NotificationID?
    /// Never begun.
    package private(set) var waiting: Notice?
    /// When the channel last took a message; nothing where no cooldown follows from it.
    package private(set) var deliveredAt: Timestamp?

    package init(
        _ healthCheck: HealthCheckID, _ channel: ChannelID, cooldown: Duration = .zero,
        snoozedUntil: Timestamp? = nil, page: Page? = nil,
        active: NotificationID? = nil, waiting: Notice? = nil, deliveredAt: Timestamp? = nil
    ) {
        self.healthCheck = healthCheck
        self.channel = channel
        self.cooldown = cooldown
        self.snoozedUntil = snoozedUntil
        self.deliveredAt = deliveredAt
        self.page = page
        self.active = active
        self.waiting = waiting
    }

    /// Whether nothing is left to remember.
    package var isIdle: Bool { isSilent && deliveredAt == nil }

    /// Whether there is nothing that it was told and not told the end of, and nothing more to tell.
    package var isSilent: Bool { page == nil && active == nil && waiting == nil }

    /// When cooldown and snooze let the waiting message go; nothing: they do not stand in its way.
    package var heldUntil: Timestamp? {
        guard let waiting else { return nil }
        let calm = cooldown > .zero && !isEscalation(waiting) ? deliveredAt.map { $0 + cooldown } : nil
        let snooze = waiting.kind.isEnd ? nil : snoozedUntil
        return [calm, snooze].compactMap(\.self).max()
    }

    /// Something happened to the health check.
    ///
    /// - Parameters:
    ///   - binding: what the channel wants to be told now; nothing when it is not bound any more.
    ///   - now: for the cooldown; the event may be older.
    package mutating func apply(
        _ event: HealthEvent, _ binding: Binding?, at now: Timestamp
    ) -> [PagerEffect] {
        switch event.kind {
        case .down:
            binding?.onDown == true ? tellOnset(event, binding, at: now) : []
        case .degraded:
            binding?.onDegraded == true ? tellOnset(event, binding, at: now) : []
        case .stale:
            page != nil || binding?.onDown == true && !isSnoozed(at: now) ? tellStale(event, at: now) : []
        case .recovered, .ended:
            tellEnd(event, at: now)
        }
    }

    /// The first attempt at the waiting message begins. From here on its order within the page is kept.
    ///
    /// - Returns: whether it may be sent; not when it was replaced, cancelled or held back meanwhile.
    package mutating func claim(_ id: NotificationID, at now: Timestamp) -> Bool {
        guard let notice = waiting, notice.id == id, active == nil, heldUntil ?? now <= now else {
            return false
        }
        active = id
        waiting = nil
        page?.told = notice.kind
        if notice.kind.isEnd { page = nil }
        return true
    }

    /// The last attempt at a message ended.
    ///
    /// - Parameter deliveredAt: when it was delivered, from which the cooldown counts; nothing: it never was.
    package mutating func finish(
        _ id: NotificationID, deliveredAt instant: Timestamp?, at now: Timestamp
    ) -> [PagerEffect] {
        guard active == id else { return [] }
        active = nil
        if let instant { deliveredAt = cooldown > .zero ? instant : nil }
        return release(at: now)
    }

    /// A message whose last attempt ended is to be sent once more.
    ///
    /// - Returns: whether it may: nothing waits or was told after it, and its page says the same still.
    package mutating func retry(_ id: NotificationID, _ kind: NoticeKind) -> Bool {
        if active == id { return true }
        let isLastWord = page.map { $0.told == kind } ?? (kind.isEnd || kind == .stale)
        guard active == nil, waiting == nil, isLastWord else { return false }
        active = id
        return true
    }

    /// The channel is gone: its page is closed unsent.
    package mutating func drop() -> [PagerEffect] {
        let unsent = [active, waiting?.id].compactMap(\.self)
        self = Pager(healthCheck, channel, cooldown: cooldown, snoozedUntil: snoozedUntil)
        return unsent.map { .cancel($0) }
    }

    /// The channel has another cooldown from now on, or the health check is snoozed otherwise: by that what
    /// waits goes too.
    package mutating func follow(
        cooldown: Duration, snoozedUntil: Timestamp?, at now: Timestamp
    ) -> [PagerEffect] {
        guard cooldown != self.cooldown || snoozedUntil != self.snoozedUntil else { return [] }
        self.cooldown = cooldown
        self.snoozedUntil = snoozedUntil
        if cooldown == .zero { deliveredAt = nil }
        return release(at: now)
    }

    /// What could not be claimed, because it was held back meanwhile, is not forgotten.
    package func hold(_ id: NotificationID, at now: Timestamp) -> [PagerEffect] {
        waiting?.id == id ? release(at: now) : []
    }

    private mutating func tellOnset(
        _ event: HealthEvent, _ binding: Binding?, at now: Timestamp
    ) -> [PagerEffect] {
        if page == nil, let episode = event.episode {
            page = Page(episode: episode, tellsRecovery: binding?.onRecovered ?? true)
        }
        return tell(event, at: now)
    }

    private mutating func tellStale(_ event: HealthEvent, at now: Timestamp) -> [PagerEffect] {
        // An end that waits stays: its episode is over, so that no other event would ever close the page.
        waiting?.kind.isEnd == true ? [] : tell(event, at: now)
    }

    private mutating func tellEnd(_ event: HealthEvent, at now: Timestamp) -> [PagerEffect] {
        guard let page else { return [] }
        guard page.told != nil, page.tellsRecovery else {
            // An opening that was never begun and its end cancel out.
            self.page = nil
            return cancelWaiting()
        }
        return tell(event, at: now)
    }

    private mutating func tell(_ event: HealthEvent, at now: Timestamp) -> [PagerEffect] {
        if page?.told == NoticeKind(event.kind) {
            // Back to what the channel was last told: nothing new to say.
            return cancelWaiting()
        }
        let notice = Notice(of: event, to: channel, episode: page?.episode)
        let cancelled = cancelWaiting()
        waiting = notice
        return cancelled + [.create(notice)] + release(at: now)
    }

    /// What waits may go, unless another message, the cooldown or a snooze stands before it.
    private func release(at now: Timestamp) -> [PagerEffect] {
        guard let waiting, active == nil else { return [] }
        guard let heldUntil, heldUntil > now else { return [.ready(waiting.id)] }
        return [.held(waiting.id, until: heldUntil)]
    }

    private func isSnoozed(at now: Timestamp) -> Bool { snoozedUntil.map { $0 > now } ?? false }

    /// Whether it is down and the channel was last told that it is degraded.
    private func isEscalation(_ notice: Notice) -> Bool {
        notice.kind == .down && page?.told == .degraded
    }

    private mutating func cancelWaiting() -> [PagerEffect] {
        guard let notice = waiting else { return [] }
        waiting = nil
        return [.cancel(notice.id)]
    }
}
