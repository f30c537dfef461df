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
        /// One for each of `all`.
        var seats: [Seat] = []
    }

    private static let systemKeys = [
        "id", "name", "description", "links", "groups", "labels", "notify", "connection", "checks",
        "renamed_from", "cluster",
    ]
    static let maximumLabels = 64
    private static let maximumLinks = 32
    private static let maximumGroups = 32
    static let servers = 0...100

    mutating func systems(
        _ value: Value?, defaults: Defaults, channels: inout Channels
    ) -> Systems {
        var systems = Systems()
        var taken: [String: TextPosition] = [:]
        var former: [FormerName] = []
        for item in items(value) {
            guard let section = section(item, keys: Self.systemKeys) else { continue }
            let id = id(of: section, taken: &taken)
            let name = text(section["name"], length: 0...200)
            let description = text(section["description"], length: 0...4_096, allowsLines: true)
            let links = links(section["links"])
            let groups = groups(section["groups"])
            let labels = writtenLabels(section["labels"])
            let formerName = formerName(of: section, id)
            former += formerName.map { [$0] } ?? []
            let bindings = bindings(section["notify"], channels: &channels)
            let system = System(
                id: SystemID(id ?? ""), name: name.map(Self.blankAsEmpty) ?? "",
                description: description ?? "", links: links, groups: groups,
                labels: labels.map {
                    System.Label(name: $0.name, value: $0.value.isVerbatim ? $0.value.text : nil)
                }, cluster: cluster(section["cluster"]), healthChecks: [])
            var seat = Seat(
                system: system.id, formerSystem: formerName.map { SystemID($0.former) },
                position: item.node.position, labels: Self.values(labels, of: system),
                bindings: bindings ?? channels.defaultBindings,
                notifyingFile: section["notify"].flatMap { file(of: $0) })
            let checks = checks(
                section["checks"], connection: section["connection"], on: &seat, defaults: defaults,
                channels: &channels)
            guard let id else { continue }
            let key = ResourceKey(.system, id)
            systems.origins[key] = origin(key, at: item.node.position)
            systems.written.append(section["id"].map(Self.written) ?? id)
            systems.add(system, seat, checks)
        }
        refuse(former, what: "system", existing: taken)
        return systems
    }

    private static func values(
        _ labels: [(name: String, value: Given)], of system: System
    ) -> [String: Given] {
        var values = ["id": Given(system.id.text), "name": Given(system.name)]
        for label in labels { values[label.name] = label.value }
        return values
    }

    private mutating func writtenLabels(_ value: Value?) -> [(name: String, value: Given)] {
        guard let value, let entries = entries(value) else { return [] }
        if entries.count > Self.maximumLabels {
            report(value, "has \(entries.count) labels; at most \(Self.maximumLabels)")
        }
        var labels: [(name: String, value: Given)] = []
        for entry in entries {
            let child = value.child(entry)
            let place = place(at: entry.keyPosition, path: child.path)
            if SystemLabels.reserved.contains(entry.key) {
                report(place, "every system has `\(entry.key)`; call the label otherwise")
            } else if !SystemLabels.isName(entry.key) {
                report(
                    place, "cannot be the name of a label; write letters, digits, dashes and underscores")
            }
            let given = parsed(child) { given throws(Complaint) in
                _ = try PlainText.parse(given, lengths: 1...1_024)
                return given
            }
            if let given { labels.append((entry.key, given)) }
        }
        return labels
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

    private mutating func cluster(_ value: Value?) -> Cluster? {
        guard let value, let section = section(value, keys: ["primaries", "replicas_at_least"]) else {
            return nil
        }
        let primaries = integer(section["primaries"], in: Self.servers)
        let replicas = integer(section["replicas_at_least"], in: Self.servers)
        return Cluster(primaries: primaries ?? 1, replicasAtLeast: replicas ?? 0)
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
    mutating func text(
        _ value: Value?, length: ClosedRange<Int>, allowsLines: Bool = false
    ) -> String? {
        if let value, value.node.isEmpty, length.lowerBound == 0 { return "" }
        return parsed(value) { given throws(Complaint) in
            try PlainText.parse(given, lengths: length, allowsLines: allowsLines)
        }
    }

    /// A name of spaces is none.
    static func blankAsEmpty(_ name: String) -> String {
        name.allSatisfy(\.isWhitespace) ? "" : name
    }
}

extension ConfigurationReading.Systems {
    mutating func add(_ system: System, _ seat: ConfigurationReading.Seat, _ checks: [ConfiguredHealthCheck])
    {
        var system = system
        system.healthChecks = checks.map(\.healthCheck.id)
        known.insert(system.id.text)
        healthChecks += checks
        all.append(system)
        seats.append(seat)
    }

    mutating func add(_ check: ConfiguredHealthCheck, to index: Int) {
        healthChecks.append(check)
        all[index].healthChecks.append(check.healthCheck.id)
    }
}
