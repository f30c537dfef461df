import VitalsCore

extension YAMLNode {
    /// A value that the store keeps, or that somebody asked to be kept there, read by the rules of a file.
    init(stored json: JSON) {
        let content: Content =
            switch json {
            case .null: .scalar("", isPlain: true)
            case .bool(let flag): .scalar(flag ? "true" : "false", isPlain: true)
            case .integer(let number): .scalar(String(number), isPlain: true)
            case .number, .decimal: .scalar(json.text, isPlain: true)
            case .string(let text): .scalar(text, isPlain: false)
            case .array(let items): .sequence(items.map { YAMLNode(stored: $0) })
            case .object(let members):
                .mapping(
                    members.map { member in
                        Entry(
                            key: member.name, keyPosition: .stored, value: YAMLNode(stored: member.value))
                    })
            }
        self.init(position: .stored, content: content)
    }

    /// A value by its key, if this is a mapping that has it.
    subscript(key: String) -> YAMLNode? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key == key }?.value
    }
}
