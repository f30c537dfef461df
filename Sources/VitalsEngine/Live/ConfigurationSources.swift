import VitalsCore

/// Where a configuration comes from, and how it is read.
package struct ConfigurationSources: Sendable {
    private let reader: ConfigurationReader
    private let readFiles: @Sendable () throws(ConfigurationError) -> [ConfigurationFile]
    /// Another text once a file is another.
    let fingerprint: @Sendable () -> String
    private let environment: [String: String]
    private let flags: ConfigurationFlags
    private let sealer: Sealer

    /// - Parameters:
    ///   - files: reads them, none if the server is to watch itself.
    ///   - environment: as of the start.
    ///   - sealer: for what the store keeps.
    package init(
        _ reader: ConfigurationReader,
        files: @escaping @Sendable () throws(ConfigurationError) -> [ConfigurationFile],
        fingerprint: @escaping @Sendable () -> String, environment: [String: String],
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

    /// What files and store say, what was switched by hand included.
    ///
    /// - Parameter stored: what the store keeps, opened.
    package func read(
        _ snapshot: ConfigurationSnapshot, _ stored: [StoredResource]
    ) throws(ConfigurationError) -> ReadConfiguration {
        let read = try reader.read(
            files: snapshot.files, stored: stored, environment: environment, flags: flags)
        var items: [ResourceKey: StoredConfiguration.Item] = [:]
        for resource in stored where resource.key.kind == .override {
            guard let body = try? JSON(parsing: Array(resource.body.utf8)) else { continue }
            items[resource.key] = StoredConfiguration.Item(body: body, version: resource.version)
        }
        let switches = StoredConfiguration(items: items, configuration: read.configuration).switches
        return ReadConfiguration(
            configuration: read.configuration.switched(by: switches), warnings: read.warnings)
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
    /// With what was switched by hand.
    ///
    /// - Parameter switches: ids of health checks, and whether they are to run.
    func switched(by switches: [String: Bool]) -> Configuration {
        guard !switches.isEmpty else { return self }
        var switched = self
        switched.healthChecks = healthChecks.map { entry in
            let healthCheck = entry.healthCheck
            guard let isEnabled = switches[healthCheck.id.text] else { return entry }
            return ConfiguredHealthCheck(
                healthCheck.with(isEnabled: isEnabled), probe: entry.probe, conditions: entry.conditions,
                heartbeat: entry.heartbeat)
        }
        return switched
    }
}
