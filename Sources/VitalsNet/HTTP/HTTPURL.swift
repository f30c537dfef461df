import VitalsCore
import VitalsEngine

/// An `http` or `https` URL, read once (RFC 3986, 3, as far as HTTP has use for it).
struct HTTPURL: Sendable, Equatable {
    let isSecure: Bool
    /// Lower case; an IPv6 address without brackets.
    let host: String
    let port: Int
    /// Path and query as they go over the wire, at least `/`; the fragment stays here.
    let requestTarget: String

    /// - Throws: what is wrong with the text; never any part of it that could be a secret.
    init(parsing text: String) throws(TargetError) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw TargetError(
                "the URL holds a space, a control character or a letter outside ASCII: write hosts as "
                    + "xn--..., anything else as %XX")
        }
        let scheme = text.prefix { $0 != ":" }.lowercased()
        guard scheme == "http" || scheme == "https", text.dropFirst(scheme.count).hasPrefix("://") else {
            throw TargetError("the URL must begin with http:// or https://")
        }
        isSecure = scheme == "https"
        let rest = text.dropFirst(scheme.count + 3)
        let authority = rest.prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else {
            throw TargetError("the URL holds a user or a password, which are not supported there")
        }
        let (host, port) = try HostAndPort.parse(String(authority))
        self.host = host
        self.port = port ?? (isSecure ? 443 : 80)
        let target = rest.dropFirst(authority.count).prefix { $0 != "#" }
        requestTarget = target.hasPrefix("/") ? String(target) : "/" + target
    }

    var endpoint: Endpoint { .host(host, port: port) }

    /// `https://orders.example.com:8443`: what may be shown where even the path may be a secret.
    var origin: String { "\(isSecure ? "https" : "http")://\(authority)" }

    /// Host and port, the scheme's own port left out: also the value of the `Host` header.
    var authority: String {
        port == (isSecure ? 443 : 80)
            ? String(endpoint.description.dropLast("\(port)".count + 1)) : "\(endpoint)"
    }

    /// The whole URL, with the values of parameters that look like secrets hidden.
    var redacted: String {
        let parts = requestTarget.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return origin + requestTarget }
        let query = parts[1].split(separator: "&", omittingEmptySubsequences: false).map { parameter in
            Self.isSecret(parameter) ? "\(parameter.prefix { $0 != "=" })=•••" : String(parameter)
        }
        return "\(origin)\(parts[0])?\(query.joined(separator: "&"))"
    }

    /// The values that `redacted` hides.
    var secrets: [Secret] {
        let query = requestTarget.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        return query.split(separator: "&").filter(Self.isSecret).compactMap { parameter in
            let value = parameter.drop { $0 != "=" }.dropFirst()
            return value.isEmpty ? nil : Secret(String(value))
        }
    }

    private static func isSecret(_ parameter: Substring) -> Bool {
        let name = parameter.prefix { $0 != "=" }.lowercased()
        return secretNames.contains { name.contains($0) }
    }

    private static let secretNames = [
        "password", "passwd", "pwd", "token", "secret", "apikey", "api_key", "api-key", "accountkey", "auth",
        "sig",
    ]
}
