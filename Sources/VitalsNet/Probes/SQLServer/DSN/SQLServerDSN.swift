import VitalsCore
import VitalsEngine

/// Where a SQL Server is and how to log in: a connection string, read, checked and complete.
struct SQLServerDSN: Sendable, Equatable {
    /// A host name (lower case) or an IP address without brackets.
    let host: String
    let port: Int
    let user: String
    /// Nothing: an empty one.
    let password: Secret?
    /// Nothing: that which the login opens by itself.
    let database: String?
    let encryption: Encryption
    let tls: TLSSettings
    /// Whether we say that we will only read, by which an availability group sends us to a secondary.
    var isReadOnly = false
    /// What was read but will not be done, or not as it may be meant, one sentence each, without any secret.
    var warnings: [String] = []

    /// What is encrypted, in the words of Microsoft's Go driver.
    enum Encryption: String, Sendable, CaseIterable {
        /// Nothing, the login neither.
        case disable
        /// The login; all else goes in the clear, unless the server demands more.
        case login = "false"
        /// All that comes after the first message on either side.
        case whole = "true"
        /// All, from the first byte (TDS 8.0).
        case strict
    }

    static let defaultPort = 1433
    /// What we are called among the server's sessions.
    static let applicationName = "vitals"
}

extension SQLServerDSN {
    /// The URL without password: what people may see. Reads back as the same target.
    var redacted: String {
        let shownHost = host.contains(":") ? "[\(host.replacing("%", with: "%25"))]" : host
        let parameters = [
            ("database", database), ("encrypt", encryption.rawValue),
            ("trustservercertificate", encryption == .whole && tls.mode == .require ? "true" : nil),
            ("certificate", tls.authorities?.written), ("hostnameincertificate", tls.serverName),
            ("applicationintent", isReadOnly ? "readonly" : nil),
        ]
        let texts = parameters.compactMap { name, value in
            value.map { "\(name)=\(PercentEncoding.encode($0, keeping: "/"))" }
        }
        return "sqlserver://\(PercentEncoding.encode(user))@\(shownHost):\(port)?"
            + texts.joined(separator: "&")
    }

    var endpoint: Endpoint { .host(host, port: port) }

    /// Everything that makes it another target when it changes, each part with its length, so that no two
    /// targets share a text. Holds the password.
    var identity: String {
        let parts = [
            "sqlserver", endpoint.description, user, database ?? "", encryption.rawValue,
            tls.mode.rawValue, tls.authorities?.written ?? "", tls.serverName ?? "",
            isReadOnly ? "readonly" : "",
        ]
        return IdentityText.of(parts) + ",password=" + (password?.revealed ?? "")
    }

    /// The same login at another server, to which this one sends us.
    func routed(to host: String, port: Int) -> SQLServerDSN {
        SQLServerDSN(
            host: host, port: port, user: user, password: password, database: database,
            encryption: encryption, tls: tls, isReadOnly: isReadOnly)
    }
}

/// What a dialogue with a SQL Server needs to know.
struct SQLServerLogin: Sendable {
    let user: String
    /// Nothing: an empty one.
    let password: Secret?
    let database: String?
    /// The server as the target names it: behind a gateway it decides who is meant.
    let serverName: String
    /// Of the machine that we run on.
    let clientName: String
    let applicationName: String
    let encryption: SQLServerDSN.Encryption
    let isReadOnly: Bool

    /// - Parameter clientName: default: what this machine calls itself.
    init(_ target: SQLServerDSN, clientName: String = HostName.ofThisMachine) {
        user = target.user
        password = target.password
        database = target.database
        serverName = target.host
        self.clientName = String(clientName.prefix(64))
        applicationName = SQLServerDSN.applicationName
        encryption = target.encryption
        isReadOnly = target.isReadOnly
    }
}
