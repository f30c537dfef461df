import GRDB
import VitalsCore
import VitalsEngine

/// What is to be told and what became of it, inside the transaction it is given.
struct Outbox {
    let database: Database

    private static let longestError = 1_024

    init(_ database: Database) {
        self.database = database
    }

    /// Writes a notification down, and with it the attempt to come.
    ///
    /// - Parameter key: that of its health check.
    func add(_ notification: VitalsEngine.Notification, key: Int64?) throws {
        let created = notification.createdAt.microseconds
        let isNew = try execute(
            """
            INSERT OR IGNORE INTO notification
                (id, channel, kind, at_us, created_at_us, episode, health_check, body)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                notification.id.text, notification.channel.text, notification.kind.rawValue,
                notification.at.microseconds, created, notification.episode?.text, key, notification.body,
            ])
        guard isNew else { return }
        try addDelivery(of: notification.id, attempt: 1, at: created, due: created)
    }

    func claim(_ id: NotificationID) throws {
        try execute(
            """
            UPDATE notification SET attempts = 1, next_attempt_at_us = NULL WHERE id = ? AND attempts = 0
            """,
            [id.text])
    }

    /// Its first attempt is not due before.
    func postpone(_ id: NotificationID, until due: Timestamp) throws {
        let isWaiting = try execute(
            """
            UPDATE notification SET next_attempt_at_us = ?
            WHERE id = ? AND status = 'pending' AND attempts = 0
            """,
            [due.microseconds, id.text])
        guard isWaiting else { return }
        try execute(
            """
            UPDATE delivery SET next_attempt_at_us = ?
            WHERE notification = (SELECT key FROM notification WHERE id = ?) AND status = 'pending'
            """,
            [due.microseconds, id.text])
    }

    /// An attempt that was cancelled while it was under way is told as it ended.
    func end(_ attempt: Attempt) throws {
        let ended = EndedAttempt(attempt.outcome)
        let next = ended.status == .failed ? attempt.nextAttemptAt?.microseconds : nil
        let isFirstTold = try execute(
            """
            UPDATE delivery SET status = ?1, http_status = ?2, error = ?3, at_us = ?4,
                next_attempt_at_us = CASE WHEN status = 'cancelled' THEN NULL ELSE ?5 END
            WHERE notification = (SELECT key FROM notification WHERE id = ?6) AND attempt = ?7
                AND status IN ('pending', 'cancelled')
            """,
            [
                ended.status.rawValue, ended.httpStatus, ended.error?.cut(toBytes: Self.longestError),
                attempt.at.microseconds, next, attempt.notification.text, attempt.number,
            ])
        guard isFirstTold else { return }
        let status: Delivery.Status = next == nil ? ended.status : .pending
        let isPending = try execute(
            """
            UPDATE notification SET status = ?1, attempts = ?2, next_attempt_at_us = ?3
            WHERE id = ?4 AND (status = 'pending' OR ?1 = 'delivered')
            """,
            [status.rawValue, attempt.number, next, attempt.notification.text])
        guard isPending, let next else { return }
        try addDelivery(
            of: attempt.notification, attempt: attempt.number + 1, at: attempt.at.microseconds, due: next)
    }

    func cancel(_ id: NotificationID) throws {
        try execute(
            """
            UPDATE delivery SET status = 'cancelled', next_attempt_at_us = NULL
            WHERE notification = (SELECT key FROM notification WHERE id = ?) AND status = 'pending'
            """,
            [id.text])
        try execute(
            """
            UPDATE notification SET status = 'cancelled', next_attempt_at_us = NULL
            WHERE id = ? AND status = 'pending'
            """,
            [id.text])
    }

    /// The attempt to come is due then; if the last has been, there is another.
    func retry(_ retry: Retry) throws {
        let (id, at) = (retry.notification, retry.at.microseconds)
        try execute(
            """
            UPDATE delivery SET next_attempt_at_us = ?
            WHERE notification = (SELECT key FROM notification WHERE id = ?) AND status = 'pending'
            """,
            [at, id.text])
        let failed = try Int.fetchOne(
            database, sql: "SELECT attempts FROM notification WHERE id = ? AND status = 'failed'",
            arguments: [id.text])
        if let failed { try addDelivery(of: id, attempt: failed + 1, at: at, due: at) }
        // Without one that ended, there is no next one: the first is to come.
        try execute(
            """
            UPDATE notification SET status = 'pending',
                next_attempt_at_us = CASE WHEN next_attempt_at_us IS NULL AND status = 'pending'
                    THEN NULL ELSE ? END
            WHERE id = ? AND status IN ('pending', 'failed')
            """,
            [at, id.text])
    }

    private func addDelivery(of id: NotificationID, attempt: Int, at: Int64, due: Int64) throws {
        try execute(
            """
            INSERT OR IGNORE INTO delivery (notification, attempt, at_us, status, next_attempt_at_us)
            SELECT key, ?, ?, 'pending', ? FROM notification WHERE id = ?
            """,
            [attempt, at, due, id.text])
    }

    /// - Returns: whether any row was changed.
    @discardableResult
    private func execute(_ sql: String, _ arguments: [(any DatabaseValueConvertible)?]) throws -> Bool {
        let statement = try database.cachedStatement(sql: sql)
        statement.setUncheckedArguments(StatementArguments(arguments))
        try statement.execute()
        return database.changesCount > 0
    }
}

/// The columns of a delivery that was made.
private struct EndedAttempt {
    let status: Delivery.Status
    let httpStatus: Int?
    let error: String?

    init(_ outcome: DeliveryOutcome) {
        switch outcome {
        case .delivered(let httpStatus, let note):
            (status, self.httpStatus, error) = (.delivered, httpStatus, note)
        case .failed(let httpStatus, let message, _), .refused(let httpStatus, let message):
            (status, self.httpStatus, error) = (.failed, httpStatus, message)
        }
    }
}
