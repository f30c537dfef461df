package import VitalsCore

/// The part of the configuration that the store keeps, opened: items as a file would have them, and what was
/// switched off by hand. Whoever changes it works on a copy.
package struct StoredConfiguration: Sendable {
    /// One part, and how often it was changed.
    package struct Item: Sendable, Equatable {
        package let body: JSON
        package let version: Int64
    }

    package private(set) var items: [ResourceKey: Item]
    /// What is in force, with what files say.
    package let configuration: Configuration

    init(items: [ResourceKey: Item], configuration: Configuration) {
        self.items = items
        self.configuration = configuration
    }

    package subscript(key: ResourceKey) -> Item? { items[key] }

    /// Writes it anew.
    package mutating func put(_ key: ResourceKey, _ body: JSON) {
        items[key] = Item(body: body, version: (items[key]?.version ?? 0) + 1)
    }

    /// Forgets it.
    package mutating func remove(_ key: ResourceKey) {
        items[key] = nil
    }

    /// Throws if a part may not be changed here, or is not as whoever wants to change it has seen it.
    ///
    /// - Parameter versions: those that are expected; nothing: any.
    package func requireStored(_ key: ResourceKey, versions: [Int64]? = nil) throws(EditRefusal) {
        switch configuration.origins[key] {
        case .file(let name): throw .managedByFile(name)
        case .environment(let name): throw .managedByVariable(name)
        case nil: throw .unknown
        case .store(let version):
            if let versions, !versions.contains(version) { throw .changedMeanwhile }
        }
    }

    /// Throws if something has this key already.
    package func requireFree(_ key: ResourceKey) throws(EditRefusal) {
        if configuration.origins[key] != nil { throw .taken }
    }

    /// Changes what was chosen by hand of a health check or a check; what is not named stays.
    ///
    /// - Parameter id: of a health check, or of a check.
    package mutating func override(_ id: String, _ members: [(name: String, value: JSON)]) {
        let key = ResourceKey(.override, id)
        var kept: [(String, JSON)] = []
        if case .object(let before)? = items[key]?.body {
            let named = Set(members.map(\.name))
            kept = before.filter { !named.contains($0.name) }.map { ($0.name, $0.value) }
        }
        put(key, JSON(members: kept + members.map { ($0.name, $0.value) }))
    }

    static func items(of stored: [StoredResource]) -> [ResourceKey: Item] {
        let items = stored.compactMap { resource in
            (try? JSON(parsing: Array(resource.body.utf8))).map {
                (resource.key, Item(body: $0, version: resource.version))
            }
        }
        return Dictionary(items) { $1 }
    }
}

/// Why a change of the stored configuration is not made.
package enum EditRefusal: Error, Sendable, Equatable {
    case unknown
    case taken
    /// This file says how it is.
    case managedByFile(String)
    /// This environment variable makes it what it is.
    case managedByVariable(String)
    case changedMeanwhile
    /// For people: what is wrong with what was asked, and where, as in `checks[0].http.bearer`.
    case invalid(String, path: String = "")
}
