package import VitalsCore

/// Makes a configuration of a file's text, the environment and the flags. Pure: it reads nothing by itself.
package struct ConfigurationReader: Sendable {
    let forms: [ProbeForm]
    private let channelForms: [ChannelForm]
    private let digest: @Sendable (String) -> Revision

    /// - Parameters:
    ///   - forms: the kinds of check there are; each kind's name is its key in the file.
    ///   - channelForms: likewise of channels.
    ///   - digest: makes the revision of a probe's identity.
    package init(
        forms: [ProbeForm], channelForms: [ChannelForm], digest: @escaping @Sendable (String) -> Revision
    ) {
        self.forms = forms
        self.channelForms = channelForms
        self.digest = digest
    }

    /// Reads everything, and throws all that is wrong with it at once.
    ///
    /// Where a setting can be given in several places, a flag wins over the environment, that over the
    /// files, and those over the default.
    ///
    /// - Parameters:
    ///   - files: their lists are joined and their sections merged. None, and nothing stored: the server
    ///     watches itself. It does so at the port in the configuration; when the system is to choose that
    ///     (port 0), read again with the chosen one as flag.
    ///   - stored: what the store keeps of the configuration, its secrets opened.
    package func read(
        files: [ConfigurationFile], stored: [StoredResource] = [], environment: [String: String],
        flags: ConfigurationFlags
    ) throws(ConfigurationError) -> ReadConfiguration {
        let items = stored.filter(\.key.kind.isConfiguration)
        guard files.isEmpty, items.isEmpty else {
            return try read(files, items, environment: environment, flags: flags)
        }
        let listen = ownAddress(environment: environment, flags: flags)
        return try read([.watchingItself(at: listen)], [], environment: environment, flags: flags)
    }

    /// Those that stand in for settings of checks.
    var variables: [String] { forms.flatMap(\.fields).compactMap(\.variable) }

    /// Another one once a file is named otherwise or says something else.
    func revision(of files: [ConfigurationFile]) -> Revision {
        digest(files.map { "\($0.name.utf8.count) \($0.name) \($0.text.utf8.count) \($0.text)" }.joined())
    }

    private func read(
        _ files: [ConfigurationFile], _ stored: [StoredResource], environment: [String: String],
        flags: ConfigurationFlags
    ) throws(ConfigurationError) -> ReadConfiguration {
        let versions = Dictionary(uniqueKeysWithValues: stored.map { ($0.key, $0.version) })
        var reading = ConfigurationReading(
            files: files.map(\.name), versions: versions, environment: environment, flags: flags,
            forms: forms, channelForms: channelForms, digest: digest)
        var root = try reading.merged(files)
        if !stored.isEmpty {
            root = try (root ?? YAMLNode(position: TextPosition(line: 1, column: 1), content: .mapping([])))
                .merged(with: Self.tree(of: stored)) { _, _ in }
        }
        let configuration = reading.configuration(from: root)
        try reading.finish()
        return ReadConfiguration(
            configuration: configuration,
            warnings: reading.warnings.sorted(by: ConfigurationProblem.isInOrder))
    }

    /// A stored system with the check that it is to have for its connection; all else as it is.
    func withDefaultCheck(_ resource: StoredResource) -> StoredResource {
        guard resource.key.kind == .system, let body = try? JSON(parsing: Array(resource.body.utf8)),
            let checked = try? DefaultCheck.put(into: body, forms), checked != body
        else { return resource }
        return StoredResource(key: resource.key, body: checked.text, version: resource.version + 1)
    }

    /// The items of what is stored, in the lists in which a file has them.
    private static func tree(of stored: [StoredResource]) throws(ConfigurationError) -> YAMLNode {
        var lists: [(kind: ResourceKey.Kind, items: [YAMLNode])] = []
        for resource in stored {
            do {
                let node = YAMLNode(stored: try JSON(parsing: Array(resource.body.utf8)))
                if let index = lists.firstIndex(where: { $0.kind == resource.key.kind }) {
                    lists[index].items.append(node)
                } else {
                    lists.append((resource.key.kind, [node]))
                }
            } catch {
                throw ConfigurationError([ConfigurationProblem(.stored(path: ""), error.message)])
            }
        }
        // The list itself is of nobody: only its items are stored.
        let none = TextPosition(line: 1, column: 1)
        return YAMLNode(
            position: none,
            content: .mapping(
                lists.map { list in
                    YAMLNode.Entry(
                        key: "\(list.kind.rawValue)s", keyPosition: none,
                        value: YAMLNode(position: none, content: .sequence(list.items)))
                }))
    }

    /// What is wrong about it is told by the reading that uses it.
    private func ownAddress(environment: [String: String], flags: ConfigurationFlags) -> ListenAddress {
        var reading = ConfigurationReading(
            files: [], environment: environment, flags: flags, forms: [], channelForms: [],
            digest: digest)
        let settings = reading.server(nil)
        return ListenAddress(host: settings.host, port: settings.port)
    }
}

extension ConfigurationReading {
    /// The files as one tree; nothing if they hold nothing.
    fileprivate mutating func merged(_ files: [ConfigurationFile]) throws(ConfigurationError) -> YAMLNode? {
        var root: YAMLNode?
        for (index, file) in files.enumerated() {
            guard let tree = try Self.tree(of: file, index), !tree.isEmpty else { continue }
            guard let before = root else {
                root = tree
                continue
            }
            guard case .mapping = tree.content else {
                report(place(at: tree.position, path: ""), "needs keys and values (key: value)")
                continue
            }
            var twice: [(YAMLNode.Entry, first: YAMLNode.Entry)] = []
            root = before.merged(with: tree) { twice.append(($0, $1)) }
            for (entry, first) in twice {
                let other = first.keyPosition
                let name = self.files[other.file]
                report(
                    place(at: entry.keyPosition, path: ""),
                    "`\(entry.key)` is given on line \(other.line) of \(name) already; keep one of them")
            }
        }
        return root
    }

    private static func tree(
        of file: ConfigurationFile, _ index: Int
    ) throws(ConfigurationError) -> YAMLNode? {
        let size = file.text.utf8.count
        guard size <= ConfigurationFile.maximumSize else {
            throw ConfigurationError([ConfigurationFile.tooLarge(name: file.name, size: size)])
        }
        do {
            return try YAMLComposer.compose(file.text, file: index)
        } catch {
            let place = error.position.map {
                ConfigurationProblem.Place.value(file: file.name, at: $0, path: "")
            }
            throw ConfigurationError([ConfigurationProblem(place ?? .file(file.name), error.message)])
        }
    }
}
