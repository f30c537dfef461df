import VitalsCore
import VitalsEngine

/// An `http` or `https` URL, read once (RFC 3986, 3, as far as HTTP has use for it); a WebSocket has the same
/// under other names (RFC 6455, 3).
struct HTTPURL: Sendable, Hashable {
    /// How such URLs begin.
    enum Family: Sendable, Hashable {
        case http, webSocket

        func scheme(isSecure: Bool) -> String {
            switch self {
            case .http: isSecure ? "https" : "http"
            case .webSocket: isSecure ? "wss" : "ws"
            }
        }
    }

    private let family: Family
    let isSecure: Bool
    /// Lower case; an IPv6 address without brackets.
    let host: String
    let port: Int
    /// Path and query as they go over the wire, at least `/`; the fragment stays here.
    let requestTarget: String
    /// Parts of `requestTarget` that nobody is to see, as offsets into its UTF-8, ascending.
    private let hidden: [Range<Int>]

    /// - Parameter variables: where values of variables stand in the text, as offsets into its UTF-8.
    /// - Throws: what is wrong with the text; never any part of it that could be a secret.
    init(
        parsing text: String, variables: [Range<Int>] = [], as family: Family = .http
    ) throws(TargetError) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw TargetError(
                "the URL holds a space, a control character or a letter outside ASCII: write hosts as "
                    + "xn--..., anything else as %XX")
        }
        let scheme = text.prefix { $0 != ":" }.lowercased()
        let (plain, secure) = (family.scheme(isSecure: false), family.scheme(isSecure: true))
        guard scheme == plain || scheme == secure, text.dropFirst(scheme.count).hasPrefix("://") else {
            throw TargetError("the URL must begin with \(plain):// or \(secure)://")
        }
        self.family = family
        isSecure = scheme == secure
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
        // The first slash is always shown: it is where the host ends.
        let before = text.utf8.count - rest.utf8.count + authority.utf8.count
        let added = requestTarget.utf8.count - target.utf8.count
        let shown = 1..<max(1, requestTarget.utf8.count)
        let given = variables.map { range in
            (range.lowerBound - before + added..<range.upperBound - before + added).clamped(to: shown)
        }
        hidden = (given.filter { !$0.isEmpty } + Self.secretValues(in: requestTarget))
            .sorted { $0.lowerBound < $1.lowerBound }
    }

    var endpoint: Endpoint { .host(host, port: port) }

    /// `https://orders.example.com:8443`: what may be shown where even the path may be a secret.
    var origin: String { "\(family.scheme(isSecure: isSecure))://\(authority)" }

    /// Host and port, the scheme's own port left out: also the value of the `Host` header.
    var authority: String {
        port == (isSecure ? 443 : 80)
            ? String(endpoint.description.dropLast("\(port)".count + 1)) : "\(endpoint)"
    }

    /// The whole URL; `•••` stands for what variables put into path and query, and for the values of
    /// parameters that look like secrets.
    var redacted: String {
        var shown = origin
        var index = 0
        for range in hidden where range.upperBound > index {
            shown += text(in: index..<max(index, range.lowerBound))
            if range.lowerBound >= index { shown += "•••" }
            index = range.upperBound
        }
        return shown + text(in: index..<requestTarget.utf8.count)
    }

    /// What `redacted` hides, as it goes over the wire and as it is meant.
    var secrets: [Secret] {
        hidden.flatMap { range -> [Secret] in
            let text = text(in: range)
            let meant = try? PercentEncoding.decode(text)
            return [text, meant].compactMap(\.self).filter { $0.utf8.count >= Self.shortestSecret }
                .map { Secret($0) }
        }
    }

    /// What is shorter would hide half of every message.
    static let shortestSecret = 4

    private func text(in range: Range<Int>) -> String {
        String(decoding: Array(requestTarget.utf8)[range], as: UTF8.self)
    }

    /// The values of query parameters whose names say that they are secrets.
    private static func secretValues(in target: String) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = target.prefix { $0 != "?" }.utf8.count + 1
        for parameter in target.utf8.dropFirst(start).split(
            separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
        {
            let name = parameter.prefix { $0 != UInt8(ascii: "=") }
            let value = start + name.count + 1..<max(start + name.count + 1, start + parameter.count)
            if !value.isEmpty, isSecret(String(decoding: name, as: UTF8.self)) { ranges.append(value) }
            start += parameter.count + 1
        }
        return ranges
    }

    /// Whether the name of a parameter or of a header says that its value is a secret.
    static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return name == "key" || name == "code" || secretNames.contains { name.contains($0) }
    }

    private static let secretNames = [
        "password", "passwd", "pwd", "token", "secret", "apikey", "_key", "-key", "accountkey", "auth", "sig",
        "cookie",
    ]
}
