import VitalsCore

/// What the dispatcher wants done.
enum DispatchAction: Sendable, Equatable {
    /// Write down, before anything is sent, that the first attempt begins.
    case claim(NotificationID)
    case send(Notification)
    /// An attempt ended; to be recorded.
    case ended(Attempt, of: Notification)
}

/// Which notification is sent when: each channel by itself, a few at a time, failed ones again after a while.
struct Dispatch: Sendable {
    private struct Entry: Sendable {
        let notification: Notification
        /// Whether it is written down that the first attempt was begun.
        var isBegun: Bool
        /// Attempts that ended.
        var ended: Int
        /// Being claimed or sent.
        var isBusy = false
    }

    private var entries: [NotificationID: Entry] = [:]
    private var lanes: [ChannelID: Lane] = [:]

    /// Something is to be sent; or, known and not begun, at another time.
    ///
    /// - Parameters:
    ///   - isBegun: whether the first attempt was begun before.
    ///   - ended: how many attempts have ended.
    ///   - due: when the next is due.
    mutating func add(_ notification: Notification, isBegun: Bool, ended: Int, due: Timestamp) {
        if let entry = entries[notification.id] {
            guard !entry.isBegun, !entry.isBusy else { return }
            lanes[notification.channel]?.remove(notification.id, isBusy: false)
        }
        entries[notification.id] = Entry(notification: notification, isBegun: isBegun, ended: ended)
        lanes[notification.channel, default: Lane()].add(notification.id, due: due)
    }

    /// It is due now. What is on its way already is left alone; what is not known here any more comes back
    /// only if it had `failed` for good.
    mutating func retry(_ stored: StoredNotification, failed: Bool, at now: Timestamp) {
        let notification = stored.notification
        guard let entry = entries[notification.id] else {
            guard failed else { return }
            return add(notification, isBegun: true, ended: stored.endedAttempts, due: now)
        }
        guard !entry.isBusy else { return }
        lanes[notification.channel]?.remove(notification.id, isBusy: false)
        lanes[notification.channel]?.add(notification.id, due: now)
    }

    /// It is not to be sent any more; what is on its way is not called back.
    mutating func cancel(_ id: NotificationID) {
        guard let entry = entries.removeValue(forKey: id) else { return }
        lanes[entry.notification.channel]?.remove(id, isBusy: entry.isBusy)
    }

    /// What has yet to be delivered, given up or replaced: how many, and when the first of them was made.
    var pending: (count: Int, oldest: Timestamp?) {
        (entries.count, entries.values.lazy.map(\.notification.createdAt).min())
    }

    /// When something falls due in a lane that has room; nothing when there is nothing to wait for.
    var nextDue: Timestamp? { lanes.values.compactMap(\.nextDue).min() }

    /// Time has come to `now`.
    mutating func tick(at now: Timestamp) -> [DispatchAction] {
        var actions: [DispatchAction] = []
        for channel in lanes.keys.sorted() {
            while let id = lanes[channel]?.take(dueAt: now) {
                guard let entry = entries[id] else { continue }
                entries[id]?.isBusy = true
                actions.append(entry.isBegun ? .send(entry.notification) : .claim(id))
            }
        }
        return actions
    }

    /// The claim was written down, or refused because the notification was replaced meanwhile.
    mutating func claimed(_ id: NotificationID, isGranted: Bool) -> [DispatchAction] {
        guard let entry = entries[id], entry.isBusy, !entry.isBegun else { return [] }
        guard isGranted else {
            cancel(id)
            return []
        }
        entries[id]?.isBegun = true
        return [.send(entry.notification)]
    }

    /// An attempt ended.
    mutating func sent(
        _ id: NotificationID, _ outcome: DeliveryOutcome, at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) -> [DispatchAction] {
        guard let entry = entries[id], entry.isBusy else { return [] }
        let number = entry.ended + 1
        var next: Timestamp?
        if case .failed(_, _, let retryAfter) = outcome {
            next = RetryPolicy.next(
                after: number, created: entry.notification.createdAt, retryAfter: retryAfter, at: now,
                using: &generator)
        }
        lanes[entry.notification.channel]?.remove(id, isBusy: true)
        if let next {
            entries[id]?.isBusy = false
            entries[id]?.ended = number
            lanes[entry.notification.channel]?.add(id, due: next)
        } else {
            entries[id] = nil
        }
        let attempt = Attempt(
            notification: id, number: number, at: now, outcome: outcome, nextAttemptAt: next)
        return [.ended(attempt, of: entry.notification)]
    }
}
