import NIOCore
import VitalsCore
import VitalsEngine

@testable import VitalsNet

extension FuzzTarget {
    /// A notification's body, as every channel dresses it.
    static let message = FuzzTarget(name: "message", feed: MessageTarget.feed)
    /// A template, up to the first zero, and a notification's body.
    static let template = FuzzTarget(name: "template", feed: MessageTarget.template)
}

private enum MessageTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        let message = Message(reading: String(decoding: bytes, as: UTF8.self))
        try promise(message.name.contains { !$0.isWhitespace }, "a name of nothing")
        for json in [
            DiscordChannel.body(message), SlackChannel.body(message),
            NtfyChannel.body(message, topic: "t"),
        ] {
            try promise((try? JSON(parsing: json.bytes)) != nil, "posts what is no JSON")
        }
        try mail(message)
    }

    /// Headers, an empty line, the text, and one dot alone, at the end.
    private static func mail(_ message: Message) throws(BrokenPromise) {
        guard let box = try? Mailbox(parsing: "a@b.example") else { return }
        let words = MessageText(message)
        let mail = MailMessage(
            from: box, to: [box], subject: words.subject, text: words.body, id: message.id,
            thread: message.episode, sentAt: Timestamp(microseconds: 1))
        let wire = Array(mail.wire.readableBytesView)
        try promise(wire.allSatisfy { $0 < 0x7F }, "a mail of more than ASCII")
        let lines = String(decoding: wire, as: UTF8.self).split(
            separator: "\r\n", omittingEmptySubsequences: false)
        try promise(lines.filter { $0 == "." }.count == 1 && lines.dropLast().last == ".", "ends elsewhere")
        try promise(lines.allSatisfy { !$0.contains { $0 == "\r" || $0 == "\n" } }, "a bare end of line")
        let names = lines.prefix { !$0.isEmpty }.filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != ":" } }
        let known: Set<Substring> = [
            "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
            "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
        ]
        try promise(
            Set(names).isSubset(of: known) && Set(names).count == names.count, "other headers: \(names)")
    }

    static func template(_ bytes: [UInt8]) throws(BrokenPromise) {
        let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let template = try? Template(parsing: text(first)) else { return }
        let message = Message(reading: parts.count > 1 ? text(parts[1]) : "")
        for escaping in Template.Escaping.allCases { _ = template.render(message, escaping) }
        // What is JSON with nothing put in is JSON with anything put in, numbers apart.
        let json = template.render(Message(.null), .json)
        guard (try? JSON(parsing: Array(json.utf8), .strict)) != nil else { return }
        try promise(
            (try? JSON(parsing: Array(template.render(message, .json).utf8))) != nil,
            "makes no JSON of this message")
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
