import VitalsCore
import VitalsEngine

/// Where a PostgreSQL server is and how to log in: a connection string, read, checked and complete.
struct PostgresDSN: Sendable, Equatable {
    let server: Server
    let user: String
    /// Nothing when the server is expected to ask for none.
    let password: Secret?
    let database: String
    let tls: TLSSettings
    let channelBinding: ScramBinding.Wish
    let applicationName: String
    /// What was read but will not be done, one sentence each, without any secret.
    let warnings: [String]

    enum Server: Sendable, Equatable {
        /// A host name (lower case) or an IP address without brackets.
        case network(host: String, port: Int)
        /// The socket is `<folder>/.s.PGSQL.<port>`.
        case unixSocket(folder: String, port: Int)
    }

    static let defaultPort = 5432
    static let defaultApplicationName = "vitals"
}

extension PostgresDSN {
    /// The URI without password: what people may see. Reads back as the same target.
    var redacted: String {
        let user = PercentEncoding.encode(user)
        let database = PercentEncoding.encode(database)
        switch server {
        case .network(let host, let port):
            let host = host.contains(":") ? "[\(host.replacing("%", with: "%25"))]" : host
            return
                "postgres://\(user)@\(host):\(port)/\(database)?sslmode=\(tls.mode.rawValue)"
                + tlsParameters
        case .unixSocket(let folder, let port):
            let folder = PercentEncoding.encode(folder, keeping: "/")
            return "postgres://\(user)@/\(database)?host=\(folder)&port=\(port)" + tlsParameters
        }
    }

    /// What to connect to.
    var endpoint: Endpoint {
        switch server {
        case .network(let host, let port): .host(host, port: port)
        case .unixSocket(let folder, let port):
            .unixSocket(
                path: folder.hasSuffix("/") ? "\(folder).s.PGSQL.\(port)" : "\(folder)/.s.PGSQL.\(port)")
        }
    }

    /// Everything that makes it another target when it changes, each part with its length, so that no two
    /// targets share a text. Holds the password.
    var identity: String {
        var parts = [
            "postgres", endpoint.description, user, database, tls.mode.rawValue,
            tls.authorities?.written ?? "", applicationName,
        ]
        // A target that says nothing of these keeps the identity that it had before they were known.
        if let identity = tls.identity {
            parts += ["sslcert", identity.certificate.written, identity.key.written]
        }
        if channelBinding != .prefer { parts += ["channel_binding", channelBinding.rawValue] }
        return IdentityText.of(parts) + ",password=" + (password?.revealed ?? "")
    }

    /// Whether what is sent stays on this machine, whatever is on the wire.
    var isLocal: Bool {
        switch server {
        case .network(let host, _): Loopback.contains(host)
        case .unixSocket: true
        }
    }

    private var tlsParameters: String {
        var parameters: [(name: String, path: String)] = []
        if let roots = tls.authorities { parameters.append(("sslrootcert", roots.written)) }
        if let identity = tls.identity {
            parameters.append(("sslcert", identity.certificate.written))
            parameters.append(("sslkey", identity.key.written))
        }
        let paths = parameters.map { "&\($0.name)=\(PercentEncoding.encode($0.path, keeping: "/"))" }
        return paths.joined()
            + (channelBinding == .prefer ? "" : "&channel_binding=\(channelBinding.rawValue)")
    }
}
