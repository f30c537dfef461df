import VitalsCore
import VitalsEngine

/// An incoming webhook of Slack, or of what speaks like it.
enum SlackChannel {
    /// The form for the registry.
    static func form(_ client: HTTPClient, userAgent: String) -> ChannelForm {
        ChatChannel.form("slack", "the incoming webhook's URL", client, userAgent: userAgent, body: body)
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
