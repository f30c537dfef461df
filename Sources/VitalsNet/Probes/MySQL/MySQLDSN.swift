import VitalsCore
import VitalsEngine

/// Where a MySQL or MariaDB server is and how to log in: a connection string, read, checked and complete.
struct MySQLDSN: Sendable, Equatable {
    let server: Server
    let user: String
    /// Nothing: an empty one.
    let password: Secret?
    /// Nothing: none is opened.
    let database: String?
    let tls: TLSSettings
    /// What was read but will not be done, or not as it may be meant, one sentence each, without any secret.
    let warnings: [String]

    enum Server: Sendable, Equatable {
        /// A host name (lower case) or an IP address without brackets.
        case network(host: String, port: Int)
        case unixSocket(path: String)
    }

    static let defaultPort = 3306
    /// What we are called among the server's sessions.
    static let applicationName = "vitals"
}

extension MySQLDSN {
    /// The URL without password: what people may see. Reads back as the same target.
    var redacted: String {
        let start = "mysql://\(PercentEncoding.encode(user))@"
        let path = "/" + (database.map { PercentEncoding.encode($0) } ?? "")
        switch server {
        case .network(let host, let port):
            let host = host.contains(":") ? "[\(host.replacing("%", with: "%25"))]" : host
            return "\(start)\(host):\(port)\(path)?ssl-mode=\(tls.mode.rawValue)" + tlsParameters
        case .unixSocket(let socket):
            return "\(start)\(path)?socket=\(PercentEncoding.encode(socket, keeping: "/"))"
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
        var parts = [
            "mysql", endpoint.description, user, database ?? "", tls.mode.rawValue,
            tls.authorities?.written ?? "",
        ]
        if let identity = tls.identity { parts += [identity.certificate.written, identity.key.written] }
        return IdentityText.of(parts) + ",password=" + (password?.revealed ?? "")
    }

    private var tlsParameters: String {
        let files = [
            ("ssl-ca", tls.authorities), ("ssl-cert", tls.identity?.certificate),
            ("ssl-key", tls.identity?.key),
        ]
        return files.compactMap { name, file in
            file.map { "&\(name)=\(PercentEncoding.encode($0.written, keeping: "/"))" }
        }.joined()
    }
}
