import VitalsCore

extension ConfigurationReading {
    /// The groups that somebody described.
    struct Groups {
        var all: [Group] = []
        var origins: [ResourceKey: ConfigurationOrigin] = [:]
    }

    static let groupKeys = ["id", "name", "description"]

    mutating func describedGroups(_ value: Value?) -> Groups {
        var groups = Groups()
        var taken: [String: TextPosition] = [:]
        for item in items(value) {
            guard let section = section(item, keys: Self.groupKeys) else { continue }
            let id = id(of: section, taken: &taken)
            let name = text(section["name"], length: 0...200)
            let description = text(section["description"], length: 0...4_096, allowsLines: true)
            guard let id else { continue }
            let key = ResourceKey(.group, id)
            groups.origins[key] = origin(key, at: item.node.position)
            groups.all.append(
                Group(id: id, name: name.map(Self.blankAsEmpty) ?? "", description: description ?? ""))
        }
        return groups
    }
}
