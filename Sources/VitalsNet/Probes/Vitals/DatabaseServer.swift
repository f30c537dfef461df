/// Which server a statement is for.
struct DatabaseServer: Sendable, Equatable {
    enum Flavour: String, Sendable, CaseIterable {
        case postgres, mysql, mariadb, sqlite
        /// PgBouncer's own console.
        case pgbouncer
        case redis, valkey
        /// What watches over servers of these.
        case sentinel
        case sqlserver
        /// A database of Azure's, without a server around it that one could ask.
        case azuresql
    }

    /// Ordered by its parts: `15.18` is `15.18.0`.
    struct Version: Sendable, Equatable, Comparable {
        let major: Int
        let minor: Int
        let patch: Int

        init(_ major: Int, _ minor: Int = 0, _ patch: Int = 0) {
            self.major = major
            self.minor = minor
            self.patch = patch
        }

        /// The numbers that a text begins with: `8.0.36-28`, `15.18 (Debian 15.18-0+deb12u1)`, `17beta1`.
        ///
        /// - Returns: nothing when it begins with none.
        init?(_ text: some StringProtocol) {
            let parts = text.prefix { $0 == "." || ("0"..."9").contains($0) }.split(separator: ".")
            let numbers = parts.prefix(3).compactMap { Int($0) }
            guard let major = numbers.first else { return nil }
            self.init(major, numbers.count > 1 ? numbers[1] : 0, numbers.count > 2 ? numbers[2] : 0)
        }

        static func < (left: Version, right: Version) -> Bool {
            (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
        }
    }

    let flavour: Flavour
    /// Nothing: the server has not said.
    let version: Version?
    /// Nothing: not known.
    let isReplica: Bool?
    /// As whom we are logged in, of MySQL and MariaDB as they quote it; nothing: not known.
    let user: String?
    /// Whether it is one of the nodes that share the keys of a Redis Cluster.
    var isInCluster = false

    init(_ flavour: Flavour, _ version: Version? = nil, isReplica: Bool? = nil, user: String? = nil) {
        self.flavour = flavour
        self.version = version
        self.isReplica = isReplica
        self.user = user
    }

    /// What mends a want of rights, with our user where it says `CURRENT_USER`.
    func remedy(_ text: String) -> String {
        guard let user, let place = text.firstRange(of: "CURRENT_USER") else { return text }
        guard ![.mysql, .mariadb, .redis, .valkey, .sentinel].contains(flavour) else {
            return "\(text[..<place.lowerBound])\(user)\(text[place.upperBound...])"
        }
        guard flavour != .sqlserver, flavour != .azuresql else {
            let name = SQLServerHeartbeat.quoted([user])
            return "\(text[..<place.lowerBound])\(name)\(text[place.upperBound...])"
        }
        let isPlain = user.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
        }
        let doubled = user.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
        return "\(text[..<place.lowerBound])\(isPlain ? user : "\"\(doubled)\"")\(text[place.upperBound...])"
    }

    /// Whether its version is known to be this or a newer one.
    func isAtLeast(_ major: Int, _ minor: Int = 0, _ patch: Int = 0) -> Bool {
        version.map { $0 >= Version(major, minor, patch) } ?? false
    }
}
