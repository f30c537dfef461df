import VitalsCore

/// Checks that stand by themselves, each on as many systems as it says.
extension ConfigurationReading {
    private static let ownKeys = ["systems", "paused"]
    private static let assignmentKeys = ["id", "enabled", "thresholds"]

    mutating func reusableChecks(
        _ value: Value?, defaults: Defaults, systems: inout Systems, channels: inout Channels
    ) -> [ReusableCheck] {
        let keys = ["id"] + forms.map(\.kind.name) + Self.checkKeys + Self.ownKeys
        var taken: [String: TextPosition] = [:]
        var former: [FormerName] = []
        var checks: [ReusableCheck] = []
        for item in items(value) {
            guard let section = section(item, keys: keys) else { continue }
            let id = id(of: section, taken: &taken)
            let formerName = formerName(of: section, id)
            former += formerName.map { [$0] } ?? []
            let isPaused = flag(section["paused"]) ?? false
            let (isOnAll, seats) = assignments(section, systems)
            var check = ReusableCheck(
                id: CheckID(id ?? ""), formerID: formerName.map { CheckID($0.former) },
                kind: kind(of: section), isOnAll: isOnAll, systems: [], isPaused: isPaused)
            for (index, assignment) in seats {
                var assignment = assignment
                assignment.isPaused = isPaused
                guard isFree(section, id, formerName, assignment.seat) else { continue }
                let read = shared(
                    section, id, formerName?.former, assignment, defaults: defaults, channels: &channels)
                guard let read else { continue }
                systems.add(read, to: index)
                check.systems.append(assignment.seat.system)
            }
            if seats.isEmpty { tryOut(section, defaults: defaults, channels: &channels) }
            guard let id else { continue }
            check.systems.sort()
            let key = ResourceKey(.check, id)
            systems.origins[key] = origin(key, at: item.node.position)
            checks.append(check)
        }
        refuse(former, what: "check", existing: taken)
        return checks
    }

    /// The check as it is on one system.
    private mutating func shared(
        _ section: Section, _ id: String?, _ former: String?, _ assignment: Assignment, defaults: Defaults,
        channels: inout Channels
    ) -> ConfiguredHealthCheck? {
        let seat = assignment.seat
        let isStored = section.value.node.position.isStored
        labels = labels(for: id ?? "", on: seat, isShared: true, mayHoldVariables: !isStored)
        defer { labels = nil }
        // Whoever may ask the API could point a label at a server of his own.
        let node = section.value.node
        if !isStored, seat.position.isStored, SystemLabels.areUsed(in: node), holdsVariables(node) {
            report(
                section.value,
                "holds environment variables, and labels of the system `\(seat.system)`, "
                    + "which the API may change; write the system into a file, or none of the two")
            return nil
        }
        return healthCheck(
            section, id.map { CheckID($0) }, former, assignment, defaults: defaults, channels: &channels)
    }

    /// What is wrong with a check that is on no system yet, as far as that can be said.
    private mutating func tryOut(_ section: Section, defaults: Defaults, channels: inout Channels) {
        if !section.value.node.position.isStored { warn(place(of: section.value), "is on no system") }
        guard !SystemLabels.areUsed(in: section.value.node) else {
            _ = form(of: section)
            return
        }
        let seat = Seat(
            system: SystemID(""), formerSystem: nil, position: section.value.node.position, labels: [:],
            bindings: [], notifyingFile: nil)
        _ = healthCheck(
            section, nil, nil, Assignment(seat: seat), defaults: defaults, channels: &channels)
    }

    private func kind(of section: Section) -> ProbeKind {
        forms.first { section[$0.kind.name] != nil }?.kind ?? ProbeKind("", isDatabase: false)
    }

    private func holdsVariables(_ node: YAMLNode) -> Bool {
        switch node.content {
        case .scalar(let text, _): !Substitution.names(in: text).isEmpty
        case .sequence(let items): items.contains { holdsVariables($0) }
        case .mapping(let entries): entries.contains { holdsVariables($0.value) }
        }
    }

    /// Whether the system has no check of this id of its own, nor one of the id that the check had.
    private mutating func isFree(
        _ section: Section, _ id: String?, _ former: FormerName?, _ seat: Seat
    ) -> Bool {
        let position = section.value.node.position
        if let id, let own = seat.ownChecks[id] {
            let place = place(of: own, seenFrom: position)
            report(
                section["id"] ?? section.value,
                "the system `\(seat.system)` has a check `\(id)` of its own (\(place)); ids must differ")
            return false
        }
        if let former, let own = seat.ownChecks[former.former] {
            let place = place(of: own, seenFrom: position)
            report(
                former.value,
                "\(Self.shown(former.value)) is the id of a check of the system `\(seat.system)` still "
                    + "(\(place)); one is too many")
        }
        return true
    }

    // MARK: Which systems

    /// `"*"`, `[a, b]`, or `["*", { id: a, enabled: false, thresholds: {...} }]`; with the systems' places.
    private mutating func assignments(
        _ section: Section, _ systems: Systems
    ) -> (isOnAll: Bool, seats: [(index: Int, assignment: Assignment)]) {
        guard let value = section["systems"] else { return (false, []) }
        var written = [value]
        if case .sequence = value.node.content { written = items(value) }
        if value.node.isEmpty { written = [] }
        var isOnAll = false
        var found: [Int: Assignment] = [:]
        let indices = Dictionary(
            systems.all.enumerated().map { ($0.element.id.text, $0.offset) }, uniquingKeysWith: { $1 })
        for item in written {
            if case .scalar("*", _) = item.node.content {
                isOnAll = true
                continue
            }
            guard let (id, assignment) = assignment(item, systems, indices) else { continue }
            if found[id] != nil { report(item, "the system is named twice; keep one of them") }
            found[id] = assignment
        }
        if isOnAll {
            let isStored = section.value.node.position.isStored
            for (index, seat) in systems.seats.enumerated()
            where found[index] == nil && seat.position.isStored == isStored {
                found[index] = Assignment(seat: seat)
            }
        }
        return (isOnAll, found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    private mutating func assignment(
        _ item: Value, _ systems: Systems, _ indices: [String: Int]
    ) -> (Int, Assignment)? {
        var name = item
        var section: Section?
        if case .mapping = item.node.content {
            section = self.section(item, keys: Self.assignmentKeys)
            guard let id = section?["id"] else {
                report(item, "has no `id`; name a system")
                return nil
            }
            name = id
        }
        guard let given = given(name) else { return nil }
        let isEnabled = flag(section?["enabled"])
        guard let index = indices[given.text] else {
            report(name, Self.unknown(given, what: "a system", among: systems.written))
            return nil
        }
        return (
            index,
            Assignment(
                seat: systems.seats[index], isEnabled: isEnabled, thresholds: section?["thresholds"])
        )
    }
}
