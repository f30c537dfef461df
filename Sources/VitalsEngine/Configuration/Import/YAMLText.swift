import VitalsCore

/// Writes a value as YAML for people: blocks, with what is short on one line.
enum YAMLText {
    private static let widest = 100

    /// - Parameter json: an object; every text in it as it is to stand there.
    static func write(_ json: JSON) -> String {
        var output = ""
        write(json, indent: 0, to: &output)
        return output
    }

    private static func write(_ json: JSON, indent: Int, to output: inout String) {
        let margin = String(repeating: " ", count: indent)
        switch json {
        case .object(let members):
            for member in members { write(member, margin: margin, indent: indent, to: &output) }
        case .array(let items):
            for item in items { write(item: item, margin: margin, indent: indent, to: &output) }
        default:
            output += "\(margin)\(scalar(json))\n"
        }
    }

    private static func write(
        _ member: JSON.Member, margin: String, indent: Int, to output: inout String
    ) {
        let head = "\(margin)\(scalar(.string(member.name))):"
        if let line = line(member.value), head.count + line.count < widest || !isParted(member.value) {
            output += "\(head) \(line)\n"
        } else {
            output += "\(head)\n"
            write(member.value, indent: indent + 2, to: &output)
        }
    }

    private static func write(item: JSON, margin: String, indent: Int, to output: inout String) {
        guard isParted(item) else {
            output += "\(margin)- \(scalar(item))\n"
            return
        }
        var text = ""
        write(item, indent: indent + 2, to: &text)
        output += "\(margin)- \(text.dropFirst(indent + 2))"
    }

    /// On one line; nothing for what holds lists or objects itself, unless those are the leaves.
    private static func line(_ json: JSON, depth: Int = 0) -> String? {
        switch json {
        case .object(let members):
            if members.isEmpty { return "{}" }
            guard depth < 2 else { return nil }
            let parts = members.map { member in
                line(member.value, depth: depth + 1).map { "\(scalar(.string(member.name))): \($0)" }
            }
            guard !parts.contains(nil) else { return nil }
            return "{ \(parts.compactMap(\.self).joined(separator: ", ")) }"
        case .array(let items):
            guard depth < 2, !items.contains(where: isParted) else { return items.isEmpty ? "[]" : nil }
            return "[\(items.map(scalar).joined(separator: ", "))]"
        default:
            return scalar(json)
        }
    }

    private static func isParted(_ json: JSON) -> Bool {
        switch json {
        case .object(let members): !members.isEmpty
        case .array(let items): !items.isEmpty
        default: false
        }
    }

    private static func scalar(_ json: JSON) -> String {
        switch json {
        case .array: "[]"
        case .object: "{}"
        case .string(let text) where isPlain(text): text
        // What YAML has between double quotes is what JSON has, and more.
        default: json.text
        }
    }

    /// What other readers of YAML might take for something else than a text stands in quotes.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, ASCII.isLetter(first) || "/_".utf8.contains(first),
            text.utf8.last != UInt8(ascii: " "), text.utf8.count <= widest
        else { return isDuration(text) }
        let words = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
        return !words.contains(text.lowercased())
            && text.utf8.allSatisfy {
                ASCII.isLetter($0) || ASCII.isDigit($0) || "_-./@ ".utf8.contains($0)
            }
    }

    /// `60s`.
    private static func isDuration(_ text: String) -> Bool {
        let digits = text.utf8.prefix(while: ASCII.isDigit)
        return !digits.isEmpty && ["ms", "s", "m", "h"].contains(String(text.utf8.dropFirst(digits.count)))
    }
}
