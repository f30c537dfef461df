import FoundationEssentials
import VitalsCore
import VitalsEngine

/// Publishes each notification to a topic of ntfy.
struct NtfyChannel: Channel {
    let id: ChannelID
    let kind = "ntfy"

    /// The server, to which messages are posted that name their topic.
    private let server: HTTPURL
    private let topic: String
    private let authorization: Secret?
    private let userAgent: String
    private let client: HTTPClient

    /// - Parameters:
    ///   - url: the topic's, as it is opened in a browser.
    ///   - authorization: the header's value.
    init(
        _ id: ChannelID, url: String, authorization: Secret?, userAgent: String, client: HTTPClient
    ) throws(TargetError) {
        self.id = id
        self.authorization = authorization
        self.userAgent = userAgent
        self.client = client
        let url = try HTTPURL(parsing: url)
        let target = url.requestTarget
        guard !target.contains("?"), let slash = target.lastIndex(of: "/") else {
            throw TargetError("the URL ends in the topic, as in https://ntfy.example.com/topic", field: "url")
        }
        topic = String(target[target.index(after: slash)...])
        let isTopic = (1...64).contains(topic.utf8.count) && topic.utf8.allSatisfy(Self.isAllowed)
        guard isTopic else {
            throw TargetError(
                "the URL ends in the topic: 1 to 64 letters, digits, - and _, as in "
                    + "https://ntfy.example.com/topic", field: "url")
        }
        server = try HTTPURL(parsing: url.origin + target[...slash])
    }

    /// The form for the registry.
    static func form(_ client: HTTPClient, userAgent: String) -> ChannelForm {
        let fields = [
            Field("url", .url, isRequired: true, isSecret: true, "the topic's URL"),
            Field("token", .text(upTo: 1_024), isSecret: true, "an access token"),
            Field("username", .text(upTo: 255), "who logs in, where there is no token"),
            Field("password", .text(upTo: 1_024), isSecret: true, "the password of `username`"),
        ]
        return ChannelForm(kind: "ntfy", fields: fields) {
            (id: ChannelID, settings: Settings) throws(TargetError) -> any VitalsEngine.Channel in
            try NtfyChannel(
                id, url: settings.text("url") ?? "", authorization: authorization(settings),
                userAgent: userAgent, client: client)
        }
    }

    private static func authorization(_ settings: Settings) throws(TargetError) -> Secret? {
        switch (settings.text("token"), settings.text("username"), settings.text("password")) {
        case (nil, nil, nil): return nil
        case (let token?, nil, nil):
            guard token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw TargetError("holds a space or a letter beyond ASCII; a token has none", field: "token")
            }
            return Secret("Bearer \(token)")
        case (nil, let user?, let password?):
            return Secret("Basic \(Data("\(user):\(password)".utf8).base64EncodedString())")
        case (nil, _, _): throw TargetError("has one of `username` and `password`; both are needed")
        case (_?, _, _): throw TargetError("has a `token`, so that it needs no `username`", field: "username")
        }
    }

    func send(
        _ notification: NotificationID, body: String, at: Timestamp, timeout: Duration
    ) async -> DeliveryOutcome {
        var headers = [(name: "Content-Type", value: "application/json")]
        if let authorization { headers.append((name: "Authorization", value: authorization.revealed)) }
        let request = HTTPRequest(
            "POST", server, userAgent: userAgent, headers: headers,
            body: Self.body(Message(reading: body), topic: topic).text)
        return await client.deliver(
            request, timeout: timeout, secrets: [Secret(topic), authorization].compactMap(\.self), at: at)
    }

    static func body(_ message: Message, topic: String) -> JSON {
        let words = MessageText(message)
        var members: [(String, JSON)] = [
            ("topic", .string(topic)),
            ("title", .string(Printable.prefix(Printable.text(words.subject), bytes: 250))),
            // Beyond its limit ntfy makes an attachment of it.
            ("message", .string(Printable.prefix(words.body, bytes: 4_000))),
            ("priority", .integer(priority(of: message))),
            ("tags", [.string(tag(of: message))]),
        ]
        if let link = words.link { members.append(("click", .string(link))) }
        return JSON(members: members)
    }

    /// From 1 to 5, of which 3 is the usual.
    private static func priority(of message: Message) -> Int64 {
        switch message.type {
        case .down: 5
        case .degraded, .stale,
            .self where !message.isTest:
            4
        default: 3
        }
    }

    /// Shown as a picture.
    private static func tag(of message: Message) -> String {
        switch message.type {
        case .down: "rotating_light"
        case .degraded, .stale: "warning"
        case .recovered: "white_check_mark"
        case .ended, .self, nil: "information_source"
        }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
