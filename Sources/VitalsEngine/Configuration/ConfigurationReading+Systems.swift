import VitalsCore

extension ConfigurationReading {
    /// The systems of the file, and the health checks on them.
    struct Systems {
        var all: [System] = []
        var healthChecks: [ConfiguredHealthCheck] = []
        /// Ids as written, for suggestions; also of systems that are wrong elsewhere.
        var written: [String] = []
        var known: Set<String> = []
        var origins: [ResourceKey: ConfigurationOrigin] = [:]
    }

    private static let systemKeys = ["id", "name", "description", "links", "groups", "notify", "checks"]
    private static let maximumLinks = 32
    private static let maximumGroups = 32

    mutating func systems(
        _ value: Value?, defaults: Defaults, channels: inout Channels
    ) -> Systems {
        var systems = Systems()
        var taken: [String: TextPosition] = [:]
        for item in items(value) {
            guard let section = section(item, keys: Self.systemKeys) else { continue }
            let id = id(of: section, taken: &taken)
            let name = text(section["name"], length: 0...200)
            let description = text(section["description"], length: 0...4_096, allowsLines: true)
            let links = links(section["links"])
            let groups = groups(section["groups"])
            let system = SystemID(id ?? "")
            let bindings = bindings(section["notify"], channels: &channels)
            let checks = checks(
                section["checks"], of: system, defaults: defaults,
                bindings: bindings ?? channels.defaultBindings, channels: &channels)
            guard let id else { continue }
            systems.known.insert(id)
            let key = ResourceKey(.system, id)
            systems.origins[key] = origin(key, at: item.node.position)
            systems.written.append(section["id"].map(Self.written) ?? id)
            systems.healthChecks += checks
            systems.all.append(
                System(
                    id: system, name: name.map(Self.blankAsEmpty) ?? "", description: description ?? "",
                    links: links, groups: groups, healthChecks: checks.map(\.healthCheck.id)))
        }
        return systems
    }

    private mutating func links(_ value: Value?) -> [System.Link] {
        guard let value, let entries = entries(value) else { return [] }
        if entries.count > Self.maximumLinks {
            report(value, "has \(entries.count) links; at most \(Self.maximumLinks)")
        }
        var links: [System.Link] = []
        for entry in entries {
            let child = value.child(entry)
            do {
                _ = try PlainText.parse(Given(entry.key), lengths: 1...64)
            } catch {
                let place = place(at: entry.keyPosition, path: child.path)
                report(place, "the label \(error.message)")
            }
            let url = parsed(child) { given throws(Complaint) in try WebAddress.link(given) }
            if let url {
                links.append(System.Link(label: entry.key, url: url))
            }
        }
        return links
    }

    private mutating func groups(_ value: Value?) -> [String] {
        let items = items(value)
        if let value, items.count > Self.maximumGroups {
            report(value, "has \(items.count) groups; at most \(Self.maximumGroups)")
        }
        var groups: [String] = []
        for item in items {
            guard let group = slug(item) else { continue }
            if groups.contains(group) {
                report(item, "\(Self.shown(item)) is named twice; keep one of them")
            } else {
                groups.append(group)
            }
        }
        return groups
    }

    /// Empty is allowed where `length` begins with 0, also when it is written without quotes.
    private mutating func text(
        _ value: Value?, length: ClosedRange<Int>, allowsLines: Bool = false
    ) -> String? {
        if let value, value.node.isEmpty, length.lowerBound == 0 { return "" }
        return parsed(value) { given throws(Complaint) in
            try PlainText.parse(given, lengths: length, allowsLines: allowsLines)
        }
    }

    /// A name of spaces is none.
    private static func blankAsEmpty(_ name: String) -> String {
        name.allSatisfy(\.isWhitespace) ? "" : name
    }
}
