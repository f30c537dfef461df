import VitalsCore

/// What a session has learned of the server it is with: what statements are chosen by.
struct MySQLServer: Sendable, Equatable {
    /// Whose server it is; as the fact has it.
    enum Flavour: String, Sendable, CaseIterable {
        case mysql = "MySQL"
        case mariadb = "MariaDB"
        case percona = "Percona"
        case aurora = "Aurora"
        case tidb = "TiDB"
        /// PlanetScale, too.
        case vitess = "Vitess"
        case proxysql = "ProxySQL"
    }

    /// `8.4.2`, `10.11.19`: the numbers alone.
    let version: String
    private(set) var flavour: Flavour
    /// By which the server knows the session.
    let connection: UInt32
    /// As a number that versions can be compared by: 8.0.22 is 80022; 0 if the server does not say.
    let versionNumber: Int
    /// Nothing: it has not said.
    var standing: MySQLStanding?
    /// Which part it has; nothing: not known.
    var role: ServerRole?
    /// Asked for where something is to be written.
    var ground = MySQLWriteGround()

    /// Whether it follows another server; nothing: not known.
    var isReplica: Bool? { role.map { $0 == .replica } }

    init(_ greeting: MySQLGreeting) {
        // MariaDB from 10.0 on says so first, for clients that would take a 10 for too old.
        let prefix = "5.5.5-"
        let said = greeting.serverVersion
        let whole = said.hasPrefix(prefix) ? said.dropFirst(prefix.count) : said[...]
        version = String(whole.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }.prefix(20))
        connection = greeting.connection
        flavour = Self.marks.first { whole.lowercased().contains($0.text) }?.flavour ?? .mysql
        let parts = version.split(separator: ".").prefix(3).map { Int($0.prefix(4)) ?? 0 }
        versionNumber = zip(parts, [10_000, 100, 1]).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// - Parameter comment: `@@version_comment`.
    mutating func learn(comment: String) {
        guard flavour == .mysql, comment.lowercased().contains("percona") else { return }
        flavour = .percona
    }

    var isMariaDB: Bool { flavour == .mariadb }

    private static let marks: [(text: String, flavour: Flavour)] = [
        ("mariadb", .mariadb), ("tidb", .tidb), ("vitess", .vitess), ("proxysql", .proxysql),
        ("aurora", .aurora), ("percona", .percona),
    ]
}
