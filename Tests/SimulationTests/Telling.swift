import VitalsCore
import VitalsEngine

/// What one channel is told of one health check.
struct Telling {
    // As the store has it.
    var page: Page?
    /// Written down and neither begun nor cancelled.
    var waiting: [NotificationID] = []
    /// Begun and not ended.
    var active: [NotificationID] = []
    var lastBegun: NoticeKind?
    /// When a message was last recorded as delivered by a channel that had a cooldown then.
    var deliveredAt: Timestamp?
    // As the channel has it.
    /// The episode of the opening it was told, and not yet the end of.
    var heard: EpisodeID?
    var lastHeard: NoticeKind?
}

/// One notification through its life.
struct Message {
    /// Of a health check by the name that it has now.
    var notification: Notification
    /// Whether its first attempt is written down.
    var isBegun = false
    var attempts = 0
    /// Whether it was sent at all.
    var isSent = false
    /// The process in which the channel took it.
    var takenBy: Int?
    /// Whether the end of it is written down.
    var isOver = false
}
