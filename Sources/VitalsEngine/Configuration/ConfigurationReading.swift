import VitalsCore

/// One reading of one configuration: goes on after a problem, so that all of them are told at once.
struct ConfigurationReading {
    /// The names of the files, in the order of their positions.
    let files: [String]
    /// What the store keeps, by key: who wrote it, at which version.
    let versions: [ResourceKey: Int64]
    let environment: [String: String]
    let flags: ConfigurationFlags
    let forms: [ProbeForm]
    let channelForms: [ChannelForm]
    let digest: @Sendable (String) -> Revision

    /// Of the system for which a check is being read.
    var labels: SystemLabels?
    /// What heartbeats are known by so far, and where that stands.
    var heartbeatNames: [String: TextPosition] = [:]
    private(set) var warnings: [ConfigurationProblem] = []
    /// A check that is on many systems is wrong once, and not once a system.
    private var told: Set<String> = []
    private var problems: [ConfigurationProblem] = []
    private var omitted = 0

    init(
        files: [String], versions: [ResourceKey: Int64] = [:], environment: [String: String],
        flags: ConfigurationFlags, forms: [ProbeForm],
        channelForms: [ChannelForm], digest: @escaping @Sendable (String) -> Revision
    ) {
        self.files = files
        self.versions = versions
        self.environment = environment
        self.flags = flags
        self.forms = forms
        self.channelForms = channelForms
        self.digest = digest
    }

    /// What the tree says, as far as it can be understood; it holds only if `finish` does not throw.
    mutating func configuration(from root: YAMLNode?) -> Configuration {
        let position = root?.position ?? TextPosition(line: 1, column: 1)
        let value = root.map { Value(node: $0, path: "", keyPosition: position) }
        let keys = [
            "server", "defaults", "channels", "groups", "checks", "systems", "health", "storage",
            "connectivity", "deadman", "heartbeats",
        ]
        let top = section(value, keys: keys)

        let server = server(top?["server"])
        let defaults = defaults(top?["defaults"])
        var channels = channels(top?["channels"])
        let groups = describedGroups(top?["groups"])
        var systems = systems(top?["systems"], defaults: defaults, channels: &channels)
        let checks = reusableChecks(
            top?["checks"], defaults: defaults, systems: &systems, channels: &channels)
        let health = health(top?["health"], systems: systems)
        let storage = storage(top?["storage"])
        let connectivity = connectivity(top?["connectivity"])
        warnAbout(channels: channels, systems: systems)

        let configuration = Configuration(
            server: server, channels: channels.all.map(\.channel), systems: systems.all,
            healthChecks: systems.healthChecks, health: health, storage: storage,
            connectivity: connectivity, deadman: deadman(top?["deadman"]),
            groups: groups.all, checks: checks,
            origins: channels.origins.merging(systems.origins) { $1 }.merging(groups.origins) { $1 },
            pingKey: pingKey(top?["heartbeats"]))
        return watchingWholeService(configuration)
    }

    /// Throws if anything was wrong.
    func finish() throws(ConfigurationError) {
        guard problems.isEmpty else {
            throw ConfigurationError(problems, omitted: omitted)
        }
    }

    mutating func report(_ place: ConfigurationProblem.Place, _ message: @autoclosure () -> String) {
        let message = message()
        guard labels == nil || told.insert("\(place) \(message)").inserted else { return }
        guard problems.count < ConfigurationError.maximumProblems else {
            omitted += 1
            return
        }
        problems.append(ConfigurationProblem(place, message))
    }

    /// At the value itself.
    mutating func report(_ value: Value, _ message: @autoclosure () -> String) {
        let (place, system) = (place(of: value), onSystem(value))
        report(place, message() + system)
    }

    /// For which system a value is wrong, where it is another for each.
    private func onSystem(_ value: Value) -> String {
        guard let labels, labels.isShared, SystemLabels.areUsed(in: value.node) else { return "" }
        return " (on the system `\(labels.system)`)"
    }

    mutating func warn(_ place: ConfigurationProblem.Place, _ message: String) {
        guard labels == nil || told.insert("\(place) \(message)").inserted else { return }
        guard warnings.count < ConfigurationError.maximumProblems else { return }
        warnings.append(ConfigurationProblem(place, message))
    }

    func place(of value: Value) -> ConfigurationProblem.Place {
        place(at: value.node.position, path: value.path)
    }

    func place(at position: TextPosition, path: String) -> ConfigurationProblem.Place {
        position.isStored
            ? .stored(path: path) : .value(file: files[position.file], at: position, path: path)
    }

    /// Of the configuration as a whole.
    var whole: ConfigurationProblem.Place { .file(files.first ?? "configuration") }

    func origin(_ key: ResourceKey, at position: TextPosition) -> ConfigurationOrigin {
        position.isStored ? .store(version: versions[key] ?? 0) : .file(files[position.file])
    }
}
