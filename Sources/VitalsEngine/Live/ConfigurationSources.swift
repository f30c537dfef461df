import VitalsCore

/// Where a configuration comes from, and how it is read.
package struct ConfigurationSources: Sendable {
    private let reader: ConfigurationReader
    private let readFiles: @Sendable () throws(ConfigurationError) -> [ConfigurationFile]
    /// Another text once a file is another.
    let fingerprint: @Sendable () -> String
    private let environment: @Sendable ([String]) throws(ConfigurationError) -> [String: String]
    private let flags: ConfigurationFlags
    private let sealer: Sealer

    /// - Parameters:
    ///   - files: reads them, none if the server is to watch itself.
    ///   - environment: all variables, those of these names wherever they stand.
    ///   - sealer: for what the store keeps.
    package init(
        _ reader: ConfigurationReader,
        files: @escaping @Sendable () throws(ConfigurationError) -> [ConfigurationFile],
        fingerprint: @escaping @Sendable () -> String,
        environment: @escaping @Sendable ([String]) throws(ConfigurationError) -> [String: String],
        flags: ConfigurationFlags, sealer: Sealer
    ) {
        self.reader = reader
        readFiles = files
        self.fingerprint = fingerprint
        self.environment = environment
        self.flags = flags
        self.sealer = sealer
    }

    /// The files as they are now.
    package func files() throws(ConfigurationError) -> ConfigurationSnapshot {
        // Before they are read: what changes meanwhile is seen as a change.
        let fingerprint = fingerprint()
        return ConfigurationSnapshot(fingerprint: fingerprint, files: try readFiles())
    }

    /// What files and store say, what was chosen by hand included.
    ///
    /// - Parameter stored: what the store keeps, opened.
    package func read(
        _ snapshot: ConfigurationSnapshot, _ stored: [StoredResource]
    ) throws(ConfigurationError) -> ReadConfiguration {
        let stored = stored.map { reader.withDefaultCheck($0) }
        let names =
            snapshot.files.flatMap { Substitution.names(in: $0.text) } + ["API_TOKEN"]
            + WholeService.variables + reader.variables
        let read = try reader.read(
            files: snapshot.files, stored: stored, environment: try environment(names), flags: flags)
        let moved = read.configuration.movedOverrides(Set(stored.map(\.key)))
        let settled = stored.map { resource in
            StoredResource(
                key: moved[resource.key] ?? resource.key, body: resource.body, version: resource.version)
        }
        return ReadConfiguration(
            configuration: read.configuration.overridden(by: Overrides(settled)), warnings: read.warnings,
            stored: settled)
    }

    /// What the store is to be told at the start, sealed.
    package func changes(
        from before: [StoredResource], to after: [StoredResource]
    ) -> [ResourceChange] {
        let kept = Set(after.map(\.key))
        return before.filter { !kept.contains($0.key) }.map { ResourceChange(removing: $0.key) }
            + after.filter { !before.contains($0) }.map { resource in
                ResourceChange(
                    StoredResource(
                        key: resource.key, body: sealer.seal(resource.body), version: resource.version))
            }
    }

    /// Another text once files say something else.
    func revision(of snapshot: ConfigurationSnapshot) -> String {
        reader.revision(of: snapshot.files).text
    }

    /// What the store keeps, opened.
    package func open(_ stored: [StoredResource]) throws -> [StoredResource] {
        try stored.map { resource in
            StoredResource(key: resource.key, body: try sealer.open(resource.body), version: resource.version)
        }
    }

    /// What the store is to be told, sealed.
    func changes(
        from before: [ResourceKey: StoredConfiguration.Item],
        to after: [ResourceKey: StoredConfiguration.Item]
    ) throws(ConfigurationError) -> [ResourceChange] {
        let keys = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
        return keys.map { key in
            guard let item = after[key] else { return ResourceChange(removing: key) }
            return ResourceChange(
                StoredResource(key: key, body: sealer.seal(item.body.text), version: item.version))
        }
    }
}

/// Files as they were at one time.
package struct ConfigurationSnapshot: Sendable {
    let fingerprint: String
    let files: [ConfigurationFile]
}

/// Makes texts unreadable to whoever has the store and not the key.
package struct Sealer: Sendable {
    package let seal: @Sendable (String) -> String
    /// Throws when the text was not sealed with a key that is known.
    package let open: @Sendable (String) throws -> String

    package init(
        seal: @escaping @Sendable (String) -> String, open: @escaping @Sendable (String) throws -> String
    ) {
        self.seal = seal
        self.open = open
    }
}

extension Configuration {
    /// Which sections say something else than those in force, and are read at the start only.
    func sectionsThatWait(besides inForce: Configuration) -> [String] {
        var server = server
        // At the start this was set to what the machine bears.
        if server.maxConcurrentHealthChecks == nil {
            server.maxConcurrentHealthChecks = inForce.server.maxConcurrentHealthChecks
        }
        return [
            server != inForce.server ? "server" : nil, storage != inForce.storage ? "storage" : nil,
            deadman != inForce.deadman ? "deadman" : nil,
        ].compactMap(\.self)
    }
}
