/// What a notification is about.
package enum NoticeKind: String, Sendable, CaseIterable {
    case down, degraded, recovered, ended, stale
    /// The server speaks of itself.
    case `self`

    package init(_ kind: HealthEvent.Kind) {
        switch kind {
        case .down: self = .down
        case .degraded: self = .degraded
        case .recovered: self = .recovered
        case .ended: self = .ended
        case .stale: self = .stale
        }
    }

    /// Whether it closes the page.
    var isEnd: Bool { self == .recovered || self == .ended }
}

/// One message to one channel, before it is put into words.
package struct Notice: Sendable, Equatable {
    package let id: NotificationID
    package let channel: ChannelID
    package let kind: NoticeKind
    package let at: Timestamp
    /// The page's id, which is that of the episode that opened it; nothing for what belongs to no page.
    package let episode: EpisodeID?
    package let reason: String?
    /// Nothing when the server speaks of itself, and after a restart.
    package let event: HealthEvent?

    package init(of event: HealthEvent, to channel: ChannelID, episode: EpisodeID?) {
        id = NotificationID(
            to: channel, of: event.healthCheck.text, event: event.kind.rawValue, at: event.at)
        self.channel = channel
        kind = NoticeKind(event.kind)
        at = event.at
        self.episode = episode
        reason = event.reason
        self.event = event
    }

    /// One that was written down before a restart; its words are frozen, so that its event is not needed
    /// again.
    package init(id: NotificationID, channel: ChannelID, kind: NoticeKind, at: Timestamp, episode: EpisodeID?)
    {
        self.id = id
        self.channel = channel
        self.kind = kind
        self.at = at
        self.episode = episode
        reason = nil
        event = nil
    }

    /// The reason under which the server speaks of itself to try a channel out.
    package static let test = "test"

    /// The server speaks of itself.
    package init(ofItself reason: String, to channel: ChannelID, at: Timestamp) {
        id = NotificationID(to: channel, of: "self", event: reason, at: at)
        self.channel = channel
        kind = .self
        self.at = at
        episode = nil
        self.reason = reason
        event = nil
    }
}
