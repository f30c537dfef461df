import VitalsCore
import VitalsEngine

/// Notifications and deliveries of a store in memory.
struct MemoryOutbox {
    struct Row {
        private(set) var notification: Notification
        var status = Delivery.Status.pending
        var isBegun = false
        var endedAttempts = 0
        var nextAttemptAt: Timestamp?

        init(notification: Notification) { self.notification = notification }

        func renamed(_ former: HealthCheckID, to id: HealthCheckID) -> Row {
            guard notification.healthCheck == former else { return self }
            var row = self
            row.notification = notification.renamed(to: id)
            return row
        }

        var stored: StoredNotification {
            StoredNotification(
                notification: notification, isBegun: isBegun, endedAttempts: endedAttempts,
                nextAttemptAt: nextAttemptAt)
        }
    }

    /// In the order in which they were written down.
    private var order: [NotificationID] = []
    /// Of these, the pending ones.
    private var open: [NotificationID] = []
    var rows: [NotificationID: Row] = [:]
    var deliveries: [Delivery] = []
    private var lastDelivery: Int64 = 0

    /// What is still to be delivered.
    var pending: [StoredNotification] {
        open.compactMap { rows[$0]?.stored }
    }

    mutating func record(_ batch: Batch) {
        for notification in batch.notifications where rows[notification.id] == nil {
            order.append(notification.id)
            open.append(notification.id)
            rows[notification.id] = Row(notification: notification)
            addDelivery(of: notification, attempt: 1, at: notification.createdAt, due: notification.createdAt)
        }
        for id in batch.claimed where rows[id]?.isBegun == false {
            rows[id]?.isBegun = true
            rows[id]?.nextAttemptAt = nil
        }
        for attempt in batch.attempts { end(attempt) }
        for (id, due) in batch.postponed where rows[id]?.status == .pending && rows[id]?.isBegun == false {
            rows[id]?.nextAttemptAt = due
            change(id, where: { $0.status == .pending }, to: .pending, next: due)
        }
        for id in batch.cancelled where rows[id]?.status == .pending {
            rows[id]?.status = .cancelled
            rows[id]?.nextAttemptAt = nil
            change(id, where: { $0.status == .pending }, to: .cancelled)
        }
        for retry in batch.retries { self.retry(retry) }
        if !batch.attempts.isEmpty || !batch.cancelled.isEmpty {
            open.removeAll { rows[$0]?.status != .pending }
        }
    }

    /// Rows of notifications that ended; deliveries first.
    mutating func prune(before cutoff: Timestamp, _ left: inout Int) {
        let old = order.filter { id in
            rows[id].map { $0.status != .pending && $0.notification.createdAt < cutoff } ?? false
        }
        guard !old.isEmpty else { return }
        var going = Set(old)
        var kept: Set<NotificationID> = []
        deliveries.removeAll { delivery in
            guard going.contains(delivery.notification) else { return false }
            guard left > 0 else {
                kept.insert(delivery.notification)
                return false
            }
            left -= 1
            return true
        }
        for id in old {
            guard left > 0, !kept.contains(id) else {
                going.remove(id)
                continue
            }
            rows[id] = nil
            left -= 1
        }
        order.removeAll { going.contains($0) }
    }

    private mutating func end(_ attempt: Attempt) {
        guard let row = rows[attempt.notification] else { return }
        let (status, httpStatus, error): (Delivery.Status, Int?, String?) =
            switch attempt.outcome {
            case .delivered(let httpStatus, let note): (.delivered, httpStatus, note)
            case .failed(let httpStatus, let message, _): (.failed, httpStatus, message)
            case .refused(let httpStatus, let message): (.failed, httpStatus, message)
            }
        let next = status == .failed ? attempt.nextAttemptAt : nil
        let isFirstTold = change(
            attempt.notification,
            where: { $0.attempt == attempt.number && [.pending, .cancelled].contains($0.status) },
            to: status, at: attempt.at, httpStatus: httpStatus, error: error,
            next: row.status == .cancelled ? nil : next)
        guard isFirstTold, row.status == .pending || status == .delivered else { return }
        rows[attempt.notification]?.status = next == nil ? status : .pending
        rows[attempt.notification]?.endedAttempts = attempt.number
        rows[attempt.notification]?.nextAttemptAt = next
        guard let next else { return }
        addDelivery(of: row.notification, attempt: attempt.number + 1, at: attempt.at, due: next)
    }

    private mutating func retry(_ retry: Retry) {
        let id = retry.notification
        guard let row = rows[id], [.pending, .failed].contains(row.status) else { return }
        // Without one that ended, there is no next one: the first is to come.
        let isFirst = row.status == .pending && row.nextAttemptAt == nil
        rows[id]?.nextAttemptAt = isFirst ? nil : retry.at
        guard row.status == .failed else {
            change(id, where: { $0.status == .pending }, to: .pending, next: retry.at)
            return
        }
        rows[id]?.status = .pending
        open.append(id)
        addDelivery(of: row.notification, attempt: row.endedAttempts + 1, at: retry.at, due: retry.at)
    }

    func known(_ id: NotificationID) -> KnownNotification? {
        guard let row = rows[id], let place = order.firstIndex(of: id) else { return nil }
        let isLastWord = !order[(place + 1)...].contains { later in
            rows[later].map {
                $0.status != .cancelled && $0.notification.channel == row.notification.channel
                    && $0.notification.healthCheck == row.notification.healthCheck
            } ?? false
        }
        return KnownNotification(row.stored, status: row.status, isLastWord: isLastWord)
    }

    private mutating func addDelivery(
        of notification: Notification, attempt: Int, at: Timestamp, due: Timestamp
    ) {
        lastDelivery += 1
        deliveries.append(
            Delivery(
                id: lastDelivery, notification: notification.id, episode: notification.episode,
                kind: notification.kind, healthCheck: notification.healthCheck,
                channel: notification.channel, attempt: attempt, at: at, status: .pending, httpStatus: nil,
                error: nil, nextAttemptAt: due))
    }

    /// - Returns: whether there was one.
    @discardableResult
    private mutating func change(
        _ id: NotificationID, where isMeant: (Delivery) -> Bool, to status: Delivery.Status,
        at: Timestamp? = nil, httpStatus: Int? = nil, error: String? = nil, next: Timestamp? = nil
    ) -> Bool {
        guard let index = deliveries.lastIndex(where: { $0.notification == id && isMeant($0) }) else {
            return false
        }
        let old = deliveries[index]
        deliveries[index] = Delivery(
            id: old.id, notification: id, episode: old.episode, kind: old.kind, healthCheck: old.healthCheck,
            channel: old.channel, attempt: old.attempt, at: at ?? old.at, status: status,
            httpStatus: httpStatus, error: error, nextAttemptAt: next)
        return true
    }
}
