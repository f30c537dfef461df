import VitalsCore
import VitalsEngine

/// Where a Redis or Valkey server or a Sentinel is and how to log in: a connection string, read, checked and
/// complete.
struct RedisDSN: Sendable, Equatable {
    let server: Server
    /// Nothing: `default`, as whom every client is who names nobody.
    let user: String?
    /// Nothing: none is sent.
    let password: Secret?
    /// 0: it is not chosen, since every session begins there.
    let database: Int
    /// What is asked of a Sentinel; nothing: it is no Sentinel that is meant.
    let sentinel: Sentinel?
    let tls: TLSSettings
    /// What was read but will not be done, or not as it may be meant, one sentence each, without any secret.
    let warnings: [String]

    enum Server: Sendable, Equatable {
        /// A host name (lower case) or an IP address without brackets.
        case network(host: String, port: Int)
        case unixSocket(path: String)
    }

    struct Sentinel: Sendable, Equatable {
        /// The name by which it knows a primary; nothing: all that it watches.
        let master: String?
    }

    static let defaultPort = 6379
    static let defaultSentinelPort = 26_379
    /// What we are called among the server's clients.
    static let applicationName = "vitals"
}

extension RedisDSN {
    /// The URL without password: what people may see. Reads back as the same target.
    var redacted: String {
        // Alone before the @, a name would be taken for a password.
        let login = user.map { PercentEncoding.encode($0) + ":@" } ?? ""
        switch server {
        case .network(let host, let port):
            let host = host.contains(":") ? "[\(host.replacing("%", with: "%25"))]" : host
            let path = sentinel == nil ? "/\(database)" : ""
            return "\(scheme)://\(login)\(host):\(port)\(path)" + query
        case .unixSocket(let path):
            return "\(scheme)://\(login)\(PercentEncoding.encode(path, keeping: "/"))?db=\(database)"
        }
    }

    /// What to connect to.
    var endpoint: Endpoint {
        switch server {
        case .network(let host, let port): .host(host, port: port)
        case .unixSocket(let path): .unixSocket(path: path)
        }
    }

    /// Everything that makes it another target when it changes, each part with its length, so that no two
    /// targets share a text. Holds the password.
    var identity: String {
        let parts = [
            "redis", endpoint.description, user ?? "", String(database), sentinel == nil ? "" : "sentinel",
            sentinel?.master ?? "", tls.identityText,
        ]
        return IdentityText.of(parts) + ",password=" + (password?.revealed ?? "")
    }

    private var scheme: String {
        if case .unixSocket = server { return "redis+unix" }
        return (tls.mode == .disable ? "redis" : "rediss") + (sentinel == nil ? "" : "-sentinel")
    }

    private var query: String {
        var parameters = tls.mode == .disable ? [] : [("sslmode", tls.mode.rawValue)]
        let files = [
            ("sslrootcert", tls.authorities), ("sslcert", tls.identity?.certificate),
            ("sslkey", tls.identity?.key),
        ]
        parameters += files.compactMap { name, file in file.map { (name, $0.written) } }
        if let master = sentinel?.master { parameters.append(("sentinelMasterId", master)) }
        let texts = parameters.map { "\($0)=\(PercentEncoding.encode($1, keeping: "/"))" }
        return texts.isEmpty ? "" : "?" + texts.joined(separator: "&")
    }
}
