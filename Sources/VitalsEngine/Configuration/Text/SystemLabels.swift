import VitalsCore

/// What `{{system.NAME}}` stands for while a check is read for one system.
struct SystemLabels {
    /// The check's id, and the system's, for messages.
    let check: String
    let system: String
    /// Where the system stands, as in `line 12 of vitals.yaml`; empty for what is stored.
    let place: String
    /// Also `id` and `name`.
    let values: [String: Given]
    /// Not for what people ask for by the API.
    let mayHoldVariables: Bool
    /// Whether the check stands by itself, so that it must be told of which system something is wrong.
    let isShared: Bool

    /// Names that every system has.
    static let reserved: Set = ["id", "name"]
    static let longestName = 63

    /// Whether a text may have to be looked through.
    static func areUsed(in text: String) -> Bool {
        text.contains("{{") && text.contains("system.")
    }

    static func areUsed(in node: YAMLNode) -> Bool {
        switch node.content {
        case .scalar(let text, _): areUsed(in: text)
        case .sequence(let items): items.contains { areUsed(in: $0) }
        case .mapping(let entries): entries.contains { areUsed(in: $0.value) }
        }
    }

    static func isName(_ name: String) -> Bool {
        (1...longestName).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                ASCII.isLetter(byte) || ASCII.isDigit(byte) || "-_".utf8.contains(byte)
            }
    }

    func value(of name: String) throws(Complaint) -> Given {
        let shown = "`{{system.\(name)}}`"
        guard let value = values[name] else {
            let nearest = NearestName.to(name, among: values.keys.sorted())
            let meant = nearest.map { "; did you mean `\($0)`?" } ?? "; give it one under `labels`"
            let at = place.isEmpty ? "" : " (\(place))"
            throw Complaint(
                "\(shown): the check `\(check)` is on the system `\(system)`\(at), "
                    + "which has no label `\(name)`\(meant)")
        }
        guard value.isVerbatim || mayHoldVariables else {
            throw Complaint(
                "\(shown) of the system `\(system)` holds an environment variable: "
                    + "only a check in a configuration file may ask for it")
        }
        return value
    }

    /// The same, with nothing in it that may be secret.
    var harmless: SystemLabels {
        SystemLabels(
            check: check, system: system, place: place,
            values: values.mapValues { $0.isVerbatim ? $0 : Given("x") },
            mayHoldVariables: mayHoldVariables, isShared: isShared)
    }

    /// The variables that a part of the configuration uses by way of labels.
    func variables(in node: YAMLNode) -> [String] {
        switch node.content {
        case .scalar(let text, _):
            let given = try? Substitution.apply(to: text, environment: nil, labels: self)
            return given?.variables ?? []
        case .sequence(let items): return items.flatMap { variables(in: $0) }
        case .mapping(let entries): return entries.flatMap { variables(in: $0.value) }
        }
    }
}

/// `{{system.NAME}}`, with spaces inside of the braces or without; `{{{{system.` is written where
/// `{{system.` itself is meant. All other braces are themselves.
enum LabelReference {
    case label(String)
    /// This text stands there.
    case none(String)

    /// - Parameter rest: begins with a brace; afterwards with what follows.
    static func take(from rest: inout Substring.UnicodeScalarView) throws(Complaint) -> LabelReference {
        if let after = opening(rest, braces: 4) {
            rest = after
            return .none("{{system.")
        }
        guard let after = opening(rest, braces: 2) else {
            rest = rest.dropFirst()
            return .none("{")
        }
        guard let end = after.firstIndex(of: "}"), after[end...].dropFirst().first == "}" else {
            throw Complaint("a \"{{system.\" has no \"}}\"; write {{{{system. where it is meant itself")
        }
        let name = String(after[..<end]).trimmingSpaces
        rest = after[end...].dropFirst(2)
        guard SystemLabels.isName(name) else {
            let shown = ShownText.quoted("{{system.\(name)}}")
            throw Complaint("\(shown) names no label; write letters, digits, dashes and underscores")
        }
        return .label(name)
    }

    /// What follows so many braces and `system.`; nothing if they do not stand there.
    private static func opening(
        _ text: Substring.UnicodeScalarView, braces: Int
    ) -> Substring.UnicodeScalarView? {
        guard text.prefix(braces).elementsEqual(repeatElement("{", count: braces)) else { return nil }
        let word = "system.".unicodeScalars
        let rest = text.dropFirst(braces).drop { $0 == " " }
        return rest.starts(with: word) ? rest.dropFirst(word.count) : nil
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        var text = Substring(self)
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
