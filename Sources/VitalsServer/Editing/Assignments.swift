import VitalsCore
import VitalsEngine

/// On which systems a stored check is: its `systems`, which are ids, objects with more than an id, or `*`.
enum Assignments {
    static let all = JSON.string("*")

    static func items(of check: JSON) -> [JSON] {
        guard let systems = check["systems"], systems != .null else { return [] }
        guard case .array(let items) = systems else { return [systems] }
        return items
    }

    /// Those that are named.
    static func named(by check: JSON) -> [String] {
        items(of: check).filter { $0 != all }.compactMap { $0.asText ?? $0["id"]?.asText }
    }

    /// On this system as well.
    ///
    /// - Parameter thresholds: of this system alone; those that are not named stay.
    static func adding(_ system: String, _ thresholds: JSON?, to check: JSON) -> JSON {
        var items = items(of: check)
        let index = items.firstIndex { name(of: $0) == system }
        var item = index.map { items[$0] } ?? .string(system)
        if let thresholds {
            if item.asText != nil { item = ["id": .string(system)] }
            item["thresholds"] = joined(item["thresholds"], thresholds)
        }
        if let index { items[index] = item } else { items.append(item) }
        return check.with("systems", .array(items))
    }

    static func removing(_ system: String, from check: JSON) -> JSON {
        let left = items(of: check).filter { name(of: $0) != system }
        return left.count == items(of: check).count ? check : check.with("systems", .array(left))
    }

    static func renaming(_ former: String, to id: String, in check: JSON) -> JSON {
        let items = items(of: check)
        guard items.contains(where: { name(of: $0) == former }) else { return check }
        return check.with(
            "systems",
            .array(
                items.map { item in
                    guard name(of: item) == former else { return item }
                    return item.asText == nil ? item.with("id", .string(id)) : .string(id)
                }))
    }

    /// Members that are not named stay.
    static func joined(_ before: JSON?, _ after: JSON) -> JSON {
        guard var joined = before, case .object = joined, case .object(let members) = after else {
            return after
        }
        for member in members { joined[member.name] = member.value }
        return joined
    }

    private static func name(of item: JSON) -> String? {
        item == all ? nil : item.asText ?? item["id"]?.asText
    }
}

extension StoredConfiguration {
    /// What is to be written anew, as it was: under its id, or under the one that it had.
    ///
    /// - Parameter body: whose `renamed_from` may name that.
    mutating func take(
        _ key: ResourceKey, _ body: JSON, versions: [Int64]?
    ) throws(EditRefusal) -> JSON {
        guard configuration.origins[key] == nil, let former = body["renamed_from"]?.asText else {
            try requireStored(key, versions: versions)
            return self[key]?.body ?? .null
        }
        try claim(key)
        let formerKey = ResourceKey(key.kind, former)
        try requireStored(formerKey, versions: versions)
        let before = self[formerKey]?.body ?? .null
        remove(formerKey)
        if key.kind == .system { changeChecks { Assignments.renaming(former, to: key.id, in: $0) } }
        return before
    }

    /// Throws if something has this key; nobody is said to have had it before any more.
    mutating func claim(_ key: ResourceKey) throws(EditRefusal) {
        try requireFree(key)
        for (other, item) in items
        where other.kind == key.kind && item.body["renamed_from"]?.asText == key.id {
            put(other, item.body.with("renamed_from", nil))
        }
    }

    /// Changes stored checks.
    mutating func changeChecks(_ change: (JSON) -> JSON) {
        for (key, item) in items where key.kind == .check {
            let changed = change(item.body)
            if changed != item.body { put(key, changed) }
        }
    }

    /// Throws if a check would come to be on a system that a file says all about.
    func requireStoredSystems(_ named: [String], before: [String] = []) throws(EditRefusal) {
        for id in named where !before.contains(id) {
            switch configuration.origins[ResourceKey(.system, id)] {
            case .file(let name): throw .managedByFile(name)
            case .environment(let name): throw .managedByVariable(name)
            case .store, nil: continue
            }
        }
    }
}
