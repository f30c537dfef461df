import VitalsCore
import VitalsEngine

/// Posts each notification to an incoming webhook of Slack, or of what speaks like it.
struct SlackChannel: Channel {
    let id: ChannelID
    let kind = "slack"

    private let url: HTTPURL
    private let userAgent: String
    private let client: HTTPClient

    init(_ id: ChannelID, url: String, userAgent: String, client: HTTPClient) throws(TargetError) {
        self.id = id
        self.userAgent = userAgent
        self.client = client
        self.url = try HTTPURL(parsing: url)
    }

    /// The form for the registry.
    static func form(_ client: HTTPClient, userAgent: String) -> ChannelForm {
        let fields = [
            Field("url", .url, isRequired: true, isSecret: true, "the incoming webhook's URL")
        ]
        return ChannelForm(kind: "slack", fields: fields) {
            (id: ChannelID, settings: Settings) throws(TargetError) -> any VitalsEngine.Channel in
            try SlackChannel(id, url: settings.text("url") ?? "", userAgent: userAgent, client: client)
        }
    }

    func send(
        _ notification: NotificationID, body: String, at: Timestamp, timeout: Duration
    ) async -> DeliveryOutcome {
        let request = HTTPRequest(
            "POST", url, userAgent: userAgent, headers: [(name: "Content-Type", value: "application/json")],
            body: Self.body(Message(reading: body)).text)
        return await client.deliver(request, timeout: timeout, at: at)
    }

    /// A text for whatever shows no blocks, and blocks of plain text, in which nothing is markup.
    static func body(_ message: Message) -> JSON {
        let words = MessageText(message)
        var blocks: [JSON] = [
            ["type": "header", "text": plain(words.subject, upTo: 150)],
            ["type": "section", "text": plain(words.summary, upTo: 3_000)],
        ]
        // At most ten fields a section.
        let fields = words.lines.map { plain("\($0.label)\n\($0.value)", upTo: 2_000) }
        for start in stride(from: 0, to: fields.count, by: 10) {
            let some = Array(fields[start..<min(start + 10, fields.count)])
            blocks.append(["type": "section", "fields": .array(some)])
        }
        if let link = words.link {
            blocks.append(["type": "context", "elements": [plain(link, upTo: 2_000)]])
        }
        return ["text": .string(escaped(words.subject)), "mrkdwn": false, "blocks": .array(blocks)]
    }

    private static func plain(_ text: String, upTo limit: Int) -> JSON {
        ["type": "plain_text", "text": .string(Printable.prefix(text, bytes: limit)), "emoji": false]
    }

    /// The three that Slack reads as the start of a mention, a link or an entity.
    private static func escaped(_ text: String) -> String {
        var output = ""
        for scalar in Printable.text(text).unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }
}
