import GRDB
import VitalsCore
import VitalsEngine

extension Outbox {
    /// In the order in which they were written down.
    func pending() throws -> [StoredNotification] {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT notification.*, health_check.id AS health_check_id
                FROM notification LEFT JOIN health_check ON health_check.key = notification.health_check
                WHERE status = 'pending' ORDER BY notification.key
                """)
        var pending: [StoredNotification] = []
        while let row = try rows.next() {
            pending.append(try stored(row))
        }
        return pending
    }

    /// Whatever became of it.
    func known(_ id: NotificationID) throws -> KnownNotification? {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT notification.*, health_check.id AS health_check_id,
                    NOT EXISTS (
                        SELECT 1 FROM notification AS later
                        WHERE later.key > notification.key AND later.channel = notification.channel
                            AND later.health_check IS notification.health_check
                            AND later.status <> 'cancelled') AS is_last_word
                FROM notification LEFT JOIN health_check ON health_check.key = notification.health_check
                WHERE notification.id = ?
                """,
            arguments: [id.text])
        return try row.map {
            KnownNotification(try stored($0), status: try $0.word("status"), isLastWord: $0["is_last_word"])
        }
    }

    private func stored(_ row: Row) throws -> StoredNotification {
        let attempts: Int = row["attempts"]
        let next = row.instant("next_attempt_at_us")
        let status: Delivery.Status = try row.word("status")
        // Only a failed attempt leaves the instant of another behind; without one the first is under way.
        let isFirst = status == .pending && next == nil
        return StoredNotification(
            notification: try notification(row), isBegun: attempts > 0,
            endedAttempts: isFirst ? 0 : attempts, nextAttemptAt: next)
    }

    func deliveries(after: Int64, limit: Int) throws -> [Delivery] {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT delivery.*, notification.id AS notification_id, notification.kind,
                    notification.channel, notification.episode, health_check.id AS health_check_id
                FROM delivery JOIN notification ON notification.key = delivery.notification
                    LEFT JOIN health_check ON health_check.key = notification.health_check
                WHERE delivery.id > ? ORDER BY delivery.id LIMIT ?
                """,
            arguments: [after, limit])
        var deliveries: [Delivery] = []
        while let row = try rows.next() {
            deliveries.append(try delivery(row))
        }
        return deliveries
    }

    private func notification(_ row: Row) throws -> VitalsEngine.Notification {
        VitalsEngine.Notification(
            id: NotificationID(row["id"]), channel: ChannelID(row["channel"]), kind: try row.word("kind"),
            at: row.requiredInstant("at_us"), createdAt: row.requiredInstant("created_at_us"),
            episode: row.identifier("episode"), healthCheck: row.identifier("health_check_id"),
            body: row["body"])
    }

    private func delivery(_ row: Row) throws -> Delivery {
        Delivery(
            id: row["id"], notification: NotificationID(row["notification_id"]),
            episode: row.identifier("episode"), kind: try row.word("kind"),
            healthCheck: row.identifier("health_check_id"), channel: ChannelID(row["channel"]),
            attempt: row["attempt"], at: row.requiredInstant("at_us"), status: try row.word("status"),
            httpStatus: row["http_status"], error: row["error"],
            nextAttemptAt: row.instant("next_attempt_at_us"))
    }
}
