package import VitalsCore

/// What became of a value of another program's configuration.
package enum ImportFate: String, Sendable, CaseIterable {
    /// It means the same here.
    case carried
    /// It does, and is a secret that stands in the file for everybody who reads it.
    case plainSecret = "plain_secret"
    /// It was carried over, and means something else, or more or less.
    case changed
    /// Nothing here corresponds to it.
    case dropped

    fileprivate var weight: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// One value of the input, or a whole part of it, and what became of it. Never holds a secret.
package struct ImportEntry: Sendable, Equatable {
    package let file: String
    package let position: TextPosition
    /// The way to it: `endpoints[0].client.timeout`.
    package let path: String
    package fileprivate(set) var fate: ImportFate
    /// Where it stands now: `shop.http: timeout`; nothing where it stands nowhere.
    package fileprivate(set) var target: String?
    /// What is different, why there is no counterpart, what to do; nothing where all is said.
    package fileprivate(set) var messages: [String]

    init(
        file: String, position: TextPosition, path: String, fate: ImportFate, target: String? = nil,
        messages: [String] = []
    ) {
        self.file = file
        self.position = position
        self.path = path
        self.fate = fate
        self.target = target
        self.messages = messages
    }

    var json: JSON {
        [
            "file": .string(file), "line": .integer(Int64(position.line)), "path": .string(path),
            "fate": .string(fate.rawValue), "target": JSON(target),
            "messages": .array(messages.map { .string($0) }),
        ]
    }

    /// The worse of both, with what either says.
    mutating func add(_ other: ImportEntry) {
        if other.fate.weight > fate.weight { fate = other.fate }
        if target == nil { target = other.target }
        messages += other.messages.filter { !messages.contains($0) }
    }
}

/// What became of each value of another program's configuration, in the order of the input.
package struct ImportReport: Sendable, Equatable {
    package let entries: [ImportEntry]

    /// How many values met this fate.
    package func count(_ fate: ImportFate) -> Int { entries.count { $0.fate == fate } }

    /// `{"carried","plain_secret","changed","dropped","entries":[{"file","line","path","fate","target",
    /// "messages"}]}`
    package var json: JSON {
        JSON(
            members: ImportFate.allCases.map { ($0.rawValue, .integer(Int64(count($0)))) }
                + [("entries", .array(entries.map(\.json)))])
    }

    /// For people: what has no counterpart, what differs, which secrets stand in plain; the same said of
    /// several values is said once. What is carried over as it is, is only counted.
    package var text: String {
        var lines: [String] = []
        for (fate, title) in Self.titles where count(fate) > 0 {
            lines.append("\(title) (\(count(fate))):")
            lines += Self.groups(entries.filter { $0.fate == fate }).map(Self.paragraph)
            lines.append("")
        }
        lines.append("Carried over as it was: \(count(.carried)) of \(entries.count) values.")
        return lines.joined(separator: "\n")
    }

    private static let titles: [(ImportFate, String)] = [
        (.dropped, "Has no counterpart"), (.changed, "Carried over, with a difference"),
        (.plainSecret, "Secrets that stand in the file in plain"),
    ]

    /// Those of which the same is said, under what is said of them, in the order of the first of each.
    private static func groups(_ entries: [ImportEntry]) -> [(message: String, entries: [ImportEntry])] {
        var order: [String] = []
        var groups: [String: [ImportEntry]] = [:]
        for entry in entries {
            for message in entry.messages {
                if groups[message] == nil { order.append(message) }
                groups[message, default: []].append(entry)
            }
        }
        return order.map { ($0, groups[$0] ?? []) }
    }

    private static let mostNamed = 5

    private static func paragraph(_ group: (message: String, entries: [ImportEntry])) -> String {
        let named = group.entries.prefix(mostNamed).map { "\($0.file):\($0.position.line) \($0.path)" }
        let others = group.entries.count - named.count
        let rest = others > 0 ? ["and \(others) more"] : []
        return "- \(group.message)\n" + (named + rest).map { "    \($0)" }.joined(separator: "\n")
    }
}
