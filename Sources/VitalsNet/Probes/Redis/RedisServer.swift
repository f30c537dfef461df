import VitalsCore

/// What a session has learned of the server it is with: what commands are chosen by.
struct RedisServer: Sendable, Equatable {
    /// Whose server it is; as the fact has it.
    enum Flavour: String, Sendable, CaseIterable {
        case redis = "Redis"
        case valkey = "Valkey"
    }

    enum Mode: String, Sendable, CaseIterable {
        case standalone, cluster, sentinel
    }

    /// As whom we are logged in.
    let user: String
    /// `7.0.15`; empty: it has not said.
    private(set) var version = ""
    private(set) var flavour = Flavour.redis
    private(set) var mode = Mode.standalone
    /// Which part it has; nothing: not known, or it is a Sentinel.
    var role: ServerRole?
    /// Another one each time that the server is started; nothing: it has not said.
    private(set) var runIdentifier: String?
    /// Since when it runs, in seconds.
    private(set) var uptime: Int?
    /// Which slots of a cluster it has, from one to another; asked for where something is written.
    var slots: [ClosedRange<Int>] = []

    init(user: String) {
        self.user = user
    }

    /// Takes what a server says of itself when it is greeted: `HELLO`.
    mutating func learn(greeting: RESPValue) {
        if greeting["server"]?.scalar == "valkey" { flavour = .valkey }
        learn(version: greeting["version"]?.scalar)
        learn(mode: greeting["mode"]?.scalar)
        learn(role: greeting["role"]?.scalar)
    }

    /// Takes what it says at length: `INFO server`. Valkey tells its own version beside the one of Redis that
    /// it is compatible with.
    mutating func learn(_ fields: RedisFields) {
        if fields["server_name"] == "valkey" || fields["valkey_version"] != nil { flavour = .valkey }
        learn(version: fields["valkey_version"] ?? fields["redis_version"])
        learn(mode: fields["redis_mode"] ?? fields["server_mode"])
        runIdentifier = fields["run_id"].flatMap { $0.isEmpty ? nil : $0 }
        uptime = fields["uptime_in_seconds"].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }

    /// - Parameter role: `master`, `slave`, and what newer ones say of a replica.
    mutating func learn(role: String?) {
        switch role {
        case "master", "primary": self.role = .primary
        case "slave", "replica": self.role = .replica
        default: break
        }
    }

    private mutating func learn(version: String?) {
        guard let version else { return }
        self.version = String(version.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }.prefix(20))
    }

    private mutating func learn(mode: String?) {
        self.mode = mode.flatMap(Mode.init(rawValue:)) ?? self.mode
    }

    /// What is to be told of it.
    var facts: [ProbeStep] {
        let version: [ProbeStep] = version.isEmpty ? [] : [.fact(.serverVersion, .text(version))]
        let part: [ProbeStep] =
            role.map { [.fact(.role, .text($0 == .replica ? "replica" : "primary"))] } ?? []
        let identifier: [ProbeStep] = runIdentifier.map { [.fact(.systemIdentifier, .text($0))] } ?? []
        let uptime: [ProbeStep] = uptime.map { [.fact(.uptime, .number($0))] } ?? []
        return version + [.fact(.serverFlavour, .text(flavour.rawValue))] + part + identifier + uptime
    }

    /// The server as commands for what is measured are chosen by.
    var asDatabase: DatabaseServer {
        let kind: DatabaseServer.Flavour =
            mode == .sentinel ? .sentinel : flavour == .valkey ? .valkey : .redis
        var server = DatabaseServer(
            kind, DatabaseServer.Version(version), isReplica: role.map { $0 == .replica }, user: user)
        server.isInCluster = mode == .cluster
        return server
    }

    /// What lets our user carry these out, to be copied.
    func remedy(_ rights: String) -> String { "ACL SETUSER \(user) \(rights)" }
}

/// What `INFO` tells: a name and a value a line, in sections.
struct RedisFields: Sendable, Equatable {
    /// In the order in which they came; each name once.
    let entries: [(name: String, value: String)]
    private let places: [String: Int]

    init(_ text: String) {
        var entries: [(name: String, value: String)] = []
        var places: [String: Int] = [:]
        for line in text.utf8.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            guard line.first != UInt8(ascii: "#"), let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
                continue
            }
            let name = String(Substring(line[..<colon]))
            guard places[name] == nil else { continue }
            places[name] = entries.count
            entries.append((name, String(Substring(line[line.index(after: colon)...]))))
        }
        self.entries = entries
        self.places = places
    }

    subscript(name: String) -> String? { places[name].map { entries[$0].value } }

    static func == (left: RedisFields, right: RedisFields) -> Bool {
        left.entries.elementsEqual(right.entries) { $0 == $1 }
    }
}
