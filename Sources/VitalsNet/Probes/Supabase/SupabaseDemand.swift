import VitalsCore

/// How far a Realtime server is asked, and on which topic.
struct SupabaseDemand: Sendable {
    enum Depth: String, Sendable, CaseIterable {
        /// The server replies.
        case heartbeat
        /// It lets us join a topic, for which it looks into the project.
        case join
        /// What is sent to the topic comes back.
        case broadcast
    }

    let depth: Depth
    /// Whether the topic is private: its policies then decide (`realtime.messages`).
    let isPrivate: Bool
    /// A user's, for private topics; nothing: the key of the project stands for us.
    let accessToken: Secret?
    /// Nobody else's, so that what a prober says reaches nobody.
    let topic: String
    /// What is sent and has to come back.
    let token: String

    private static let event = "vitals"

    /// - Parameters:
    ///   - prober: who asks: at most 64 letters, digits, dashes and dots.
    ///   - token: never used before.
    init(_ depth: Depth, isPrivate: Bool, accessToken: Secret?, prober: String, token: String) {
        self.depth = depth
        self.isPrivate = isPrivate
        self.accessToken = accessToken
        topic = "realtime:vitals-\(prober)"
        self.token = token
    }

    func join(ref: String) -> PhoenixMessage {
        let config: JSON = [
            "broadcast": ["ack": false, "self": true], "presence": ["key": "", "enabled": false],
            "postgres_changes": [], "private": .bool(isPrivate),
        ]
        var members: [(String, JSON)] = [("config", config)]
        if let accessToken { members.append(("access_token", .string(accessToken.revealed))) }
        return PhoenixMessage("phx_join", on: topic, JSON(members: members), ref: ref)
    }

    func broadcast(ref: String) -> PhoenixMessage {
        PhoenixMessage(
            "broadcast", on: topic,
            ["type": "broadcast", "event": .string(Self.event), "payload": ["token": .string(token)]],
            ref: ref)
    }

    /// Whether it is what was sent by `broadcast`.
    func isOwn(_ message: PhoenixMessage) -> Bool {
        message.topic == topic && message.event == "broadcast"
            && message.payload["event"]?.string == Self.event
            && message.payload["payload"]?["token"]?.string == token
    }
}
