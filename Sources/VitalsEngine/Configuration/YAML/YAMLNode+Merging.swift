extension YAMLNode {
    /// A mapping whose parts stand in several files, as one: lists are joined and mappings merged, and what
    /// is neither may stand in one of them only.
    ///
    /// - Parameter twice: told of each key that stands in two of them, the second.
    func merged(with other: YAMLNode, twice: (Entry, _ first: Entry) -> Void) -> YAMLNode {
        guard case .mapping(let own) = content, case .mapping(let theirs) = other.content else { return self }
        var entries = own
        for entry in theirs {
            guard let index = entries.firstIndex(where: { $0.key == entry.key }) else {
                entries.append(entry)
                continue
            }
            let first = entries[index]
            switch (first.value.content, entry.value.content) {
            case (.sequence(let before), .sequence(let after)):
                let joined = YAMLNode(position: first.value.position, content: .sequence(before + after))
                entries[index] = Entry(key: first.key, keyPosition: first.keyPosition, value: joined)
            case (.mapping, .mapping):
                let merged = first.value.merged(with: entry.value, twice: twice)
                entries[index] = Entry(key: first.key, keyPosition: first.keyPosition, value: merged)
            case _ where first.value.isEmpty:
                entries[index] = entry
            case _ where entry.value.isEmpty:
                continue
            default:
                twice(entry, first)
            }
        }
        return YAMLNode(position: position, content: .mapping(entries))
    }
}
