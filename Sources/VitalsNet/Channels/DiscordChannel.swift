import VitalsCore
import VitalsEngine

/// A Discord webhook, which gets each notification as an embed that mentions nobody.
enum DiscordChannel {
    /// The form for the registry.
    static func form(_ client: HTTPClient, userAgent: String) -> ChannelForm {
        ChatChannel.form(
            "discord", "the webhook's URL, as Discord shows it", client, userAgent: userAgent, body: body)
    }

    /// - Parameter message: told so that no text of it is markup and none of it calls anybody.
    static func body(_ message: Message) -> JSON {
        let words = MessageText(message)
        let lines = words.lines.map { "**\(plain($0.label)):** \(plain($0.value))" }
        let text = ([plain(words.summary)] + lines).joined(separator: "\n")
        var embed: [(String, JSON)] = [
            ("title", .string(Printable.prefix(plain(words.subject), bytes: titleLimit))),
            ("description", .string(Printable.prefix(text, bytes: textLimit))),
            ("color", .integer(color(of: message))),
        ]
        if let link = words.link { embed.append(("url", .string(link))) }
        if let at = message.at { embed.append(("timestamp", .string(at))) }
        return [
            "content": .string(Printable.prefix(plain(words.subject), bytes: contentLimit)),
            "embeds": [JSON(members: embed)],
            "allowed_mentions": ["parse": []],
        ]
    }

    /// Discord counts characters, of which there are never more than bytes.
    private static let contentLimit = 2_000
    private static let titleLimit = 256
    private static let textLimit = 4_096

    /// With what Discord reads as markup, mention or link made plain text.
    private static func plain(_ text: String) -> String {
        let marks: Set<Unicode.Scalar> = [
            "\\", "*", "_", "~", "`", "|", ">", "<", "#", "[", "]", "(", ")", "@",
        ]
        var output = ""
        for scalar in Printable.text(text).unicodeScalars {
            if marks.contains(scalar) { output += "\\" }
            output.unicodeScalars.append(scalar)
        }
        return output
    }

    private static func color(of message: Message) -> Int64 {
        switch message.type {
        case .down: 0xD9_2D20
        case .degraded, .stale: 0xF7_9009
        case .recovered: 0x12_B76A
        case .ended, .self, nil: 0x66_7085
        }
    }
}
