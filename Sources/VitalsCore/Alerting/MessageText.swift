/// A message in words: a subject, a sentence and a few lines, for whatever shows plain text. Each channel
/// dresses them as its receivers like it.
package struct MessageText: Sendable, Equatable {
    /// One thing and what it is.
    package struct Line: Sendable, Equatable {
        package let label: String
        package let value: String
    }

    /// `[Vitals] DOWN - Orders database`
    package let subject: String
    /// One sentence.
    package let summary: String
    package let lines: [Line]
    package let link: String?

    /// Words for a message.
    package init(_ message: Message) {
        summary = Self.summary(of: message)
        var about = message.type == .self ? Self.aboutItself(message) : message.name
        if Self.isWhole(message) { about = String(summary.dropLast()) }
        subject = "[Vitals] \(Self.word(of: message)) - \(about)"
        lines = Self.lines(of: message)
        link = message.link
    }

    /// The whole as plain text, one line each.
    package var body: String {
        let width = (lines.map(\.label.count).max() ?? 0) + 2
        let shown = lines.map { line in
            "\(line.label):" + String(repeating: " ", count: width - line.label.count - 1) + line.value
        }
        let parts = [[summary], shown, link.map { [$0] } ?? []].filter { !$0.isEmpty }
        return parts.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    private static func word(of message: Message) -> String {
        switch message.type {
        case .down: "DOWN"
        case .degraded: "DEGRADED"
        case .recovered: "RECOVERED"
        case .ended: "ENDED"
        case .stale: "STALE"
        case .self: message.isTest ? "TEST" : "SELF"
        case nil: "NEWS"
        }
    }

    private static func summary(of message: Message) -> String {
        switch message.type {
        case .down: "\(message.name) is down."
        case .degraded: "\(message.name) is degraded."
        case .recovered: "\(message.name) has recovered."
        case .ended:
            "\(message.name) is not watched as before\(ending(message)): what was told of it is over."
        case .stale: "\(message.name) has not been heard of for too long: its state is not known."
        case .self where message.isTest: "This is a test: messages by this channel arrive."
        case .self: "Vitals itself: \(aboutItself(message))."
        case nil: "Something happened to \(message.name)."
        }
    }

    private static func ending(_ message: Message) -> String {
        message.reason.map { " (\(words($0)))" } ?? ""
    }

    private static func lines(of message: Message) -> [Line] {
        var lines: [Line] = []
        func add(_ label: String, _ value: String?) {
            if let value { lines.append(Line(label: label, value: value)) }
        }
        let was = message.previousState.map { " (was: \(state($0, message)))" } ?? ""
        add("State", message.state.map { "\(state($0, message))\(was)" })
        add("System", message.systemID.map { $0 == message.name ? $0 : "\(message.name) (\($0))" })
        add("Check", message.check.map { check in message.kind.map { "\(check) (\($0))" } ?? check })
        add("Target", message.address)
        if let cause = message.cause, !isWhole(message) {
            let place = message.phase.map { ", \($0.words)" } ?? ""
            let code = message.code.map { " (\($0))" } ?? ""
            add("Cause", "\(cause.words)\(place)\(code)")
        }
        add("Message", message.text)
        add("Since", message.since.map(time))
        add("Checked", message.checkedAt.map { at in time(at) + took(message) })
        add("Failures", message.failures > 0 ? "\(message.failures)" : nil)
        if message.type == .self { add("At", message.at.map(time)) }
        return lines
    }

    /// Whether it is about the whole service, whose status has words of its own.
    private static func isWhole(_ message: Message) -> Bool {
        message.kind == ProbeKind.wholeService.name
    }

    private static func state(_ name: String, _ message: Message) -> String {
        isWhole(message) ? State(rawValue: name)?.serviceWord ?? name : name
    }

    private static func took(_ message: Message) -> String {
        message.latency.map { ", took \($0.text) ms" } ?? ""
    }

    /// `2026-11-21 10:00:03 UTC` of what RFC 3339 says in UTC; anything else as it is.
    private static func time(_ text: String) -> String {
        let parts = text.split(separator: "T", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].last == "Z" else { return text }
        return "\(parts[0]) \(parts[1].prefix { $0 != "." && $0 != "Z" }) UTC"
    }

    /// What the server has to say of itself, by its reason.
    private static func aboutItself(_ message: Message) -> String {
        guard let reason = message.reason else { return "something is wrong" }
        let known = [
            Notice.test: "this channel works",
            "store_unwritable": "the store cannot be written",
            "store_hangs": "the store does not answer",
            "store_damaged": "the store is damaged",
            "store_writable": "the store can be written again",
        ]
        if let known = known[reason] { return known }
        for (start, what) in starts where reason.hasPrefix(start) {
            return "\(what) \(reason.dropFirst(start.count))"
        }
        return words(reason)
    }

    private static let starts = [
        ("delivery_given_up_", "no message reaches the channel"),
        ("delivery_refused_", "messages are refused by the channel"),
        ("inconclusive_", "runs tell nothing, for a fault of ours:"),
    ]

    private static func words(_ name: String) -> String {
        String(name.map { $0 == "_" ? " " : $0 })
    }
}
