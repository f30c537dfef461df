import FoundationEssentials
import VitalsCore
import VitalsEngine

/// A proxy that takes requests for other servers: whole URLs for `http`, a tunnel (CONNECT) for `https`.
struct HTTPProxy: Sendable, Hashable {
    let endpoint: Endpoint
    /// The value of `Proxy-Authorization`.
    let authorization: Secret?
    /// What nobody is to see.
    let secrets: [Secret]

    /// - Parameter text: `http://user:password@proxy.example.com:3128`, user and password percent-encoded.
    /// - Throws: what is wrong with it; never any part of it.
    init(parsing text: String) throws(TargetError) {
        guard text.lowercased().hasPrefix("http://") else {
            throw TargetError("the proxy must begin with http://; others (https, SOCKS) are not spoken")
        }
        var authority = text.dropFirst(7)
        if authority.hasSuffix("/") { authority = authority.dropLast() }
        guard !authority.contains(where: { "/?#".contains($0) }) else {
            throw TargetError("the proxy has a path; write http://proxy.example.com:3128")
        }
        var login: Substring?
        if let at = authority.lastIndex(of: "@") {
            login = authority[..<at]
            authority = authority[authority.index(after: at)...]
        }
        let (host, port) = try HostAndPort.parse(String(authority))
        endpoint = .host(host, port: port ?? 80)
        guard let login else {
            (authorization, secrets) = (nil, [])
            return
        }
        let parts = login.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let user = try? PercentEncoding.decode(parts[0]),
            let password = try? PercentEncoding.decode(parts.count > 1 ? parts[1] : "")
        else { throw TargetError("the proxy's user or password is not percent-encoded as it should be") }
        let basic = BasicCredentials(user: user, password: Secret(password))
        authorization = Secret(basic.authorization)
        secrets = basic.secrets
    }
}

/// A user and a password, as HTTP sends them (RFC 7617).
struct BasicCredentials: Sendable, Hashable {
    let user: String
    let password: Secret

    /// The value of `Authorization`.
    var authorization: String { "Basic \(encoded)" }

    /// What nobody is to see.
    var secrets: [Secret] { [password, Secret(encoded)] }

    private var encoded: String { Data("\(user):\(password.revealed)".utf8).base64EncodedString() }
}
