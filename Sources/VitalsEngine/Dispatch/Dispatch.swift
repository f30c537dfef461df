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
        var due: Timestamp
        /// Being claimed or sent.
        var isBusy = false
    }

    private struct Lane: Sendable {
        var waiting: Set<NotificationID> = []
        var busy = 0
    }

    private var entries: [NotificationID: Entry] = [:]
    private var lanes: [ChannelID: Lane] = [:]

    /// How many of one channel are on their way at a time.
    private static let width = 4

    /// Something is to be sent.
    ///
    /// - Parameters:
    ///   - isBegun: whether the first attempt was begun before.
    ///   - ended: how many attempts have ended.
    ///   - due: when the next is due.
    mutating func add(_ notification: Notification, isBegun: Bool, ended: Int, due: Timestamp) {
        guard entries[notification.id] == nil else { return }
        entries[notification.id] = Entry(
            notification: notification, isBegun: isBegun, ended: ended, due: due)
        lanes[notification.channel, default: Lane()].waiting.insert(notification.id)
    }

    /// It is not to be sent any more; what is on its way is not called back.
    mutating func cancel(_ id: NotificationID) {
        guard let entry = entries[id] else { return }
        entries[id] = nil
        lanes[entry.notification.channel]?.waiting.remove(id)
        if entry.isBusy { lanes[entry.notification.channel]?.busy -= 1 }
    }

    /// When something falls due in a lane that has room; nothing when there is nothing to wait for.
    var nextDue: Timestamp? {
        lanes.values.filter { $0.busy < Self.width }
            .flatMap { $0.waiting.lazy.compactMap { entries[$0]?.due } }.min()
    }

    /// Time has come to `now`.
    mutating func tick(at now: Timestamp) -> [DispatchAction] {
        var actions: [DispatchAction] = []
        for (channel, lane) in lanes where lane.busy < Self.width && !lane.waiting.isEmpty {
            let due = lane.waiting.compactMap { entries[$0] }.filter { $0.due <= now }
                .sorted { ($0.due, $0.notification.id) < ($1.due, $1.notification.id) }
                .prefix(Self.width - lane.busy)
            for entry in due {
                let id = entry.notification.id
                entries[id]?.isBusy = true
                lanes[channel]?.waiting.remove(id)
                lanes[channel]?.busy += 1
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
        let channel = entry.notification.channel
        lanes[channel]?.busy -= 1
        let number = entry.ended + 1
        var next: Timestamp?
        if case .failed(_, _, let retryAfter) = outcome {
            next = RetryPolicy.next(
                after: number, created: entry.notification.createdAt, retryAfter: retryAfter, at: now,
                using: &generator)
        }
        if let next {
            entries[id]?.isBusy = false
            entries[id]?.ended = number
            entries[id]?.due = next
            lanes[channel]?.waiting.insert(id)
        } else {
            entries[id] = nil
        }
        let attempt = Attempt(
            notification: id, number: number, at: now, outcome: outcome, nextAttemptAt: next)
        return [.ended(attempt, of: entry.notification)]
    }
}
