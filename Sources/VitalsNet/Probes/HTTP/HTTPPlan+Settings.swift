import VitalsCore
import VitalsEngine

extension HTTPPlan {
    static let usualBodyLimit = 1 << 20

    /// - Throws: what cannot be, and in which field; without any secret.
    init(_ settings: Settings, userAgent: String) throws(TargetError) {
        let target = settings.target("url") ?? ""
        let url = try HTTPURL(parsing: target.text, variables: target.variables)
        var demand = HTTPDemand.good(bodyLimit: settings.integer("max_body_bytes") ?? Self.usualBodyLimit)
        if settings.has("status") { demand.statuses = try HTTPStatusRule(settings.texts("status")) }
        demand.decodes = settings.flag("decompress") ?? false
        try self.init(wayOf: settings, to: url, demand: demand, userAgent: userAgent)

        method = settings.text("method") ?? "GET"
        body = settings.text("body")
        guard body == nil || settings.has("method") else {
            throw TargetError("a body needs a method that takes one, such as POST", field: "body")
        }
        version = settings.text("http2").flatMap { HTTPVersionRule(rawValue: $0) } ?? .auto
        guard version != .required || url.isSecure else {
            throw TargetError("HTTP/2 is only spoken over https", field: "http2")
        }
        redirects = settings.integer("redirects") ?? 0
        allowsInsecureRedirects = settings.flag("insecure_redirects") ?? false
        guard !allowsInsecureRedirects || redirects > 0 else {
            throw TargetError("no redirect is followed; set redirects as well", field: "insecure_redirects")
        }
        secrets += HTTPHeaderSettings.secrets(in: settings.target("body"))
    }

    /// The way to a server, whatever is asked of it: `headers`, `tls`, `proxy`, `family`, and as whom.
    init(
        wayOf settings: Settings, to url: HTTPURL, demand: HTTPDemand, userAgent: String
    ) throws(TargetError) {
        self.init(url: url, demand: demand, userAgent: userAgent)
        headers = try HTTPHeaderSettings.headers(settings.pairs("headers"))
        tls = try TLSSettings(settings.object("tls"))
        if let text = settings.text("proxy") { proxy = try Self.proxy(text) }
        family = settings.family
        credentials = try credentials(settings)
        secrets = HTTPHeaderSettings.secrets(settings.pairs("headers"))
    }

    private static func proxy(_ text: String) throws(TargetError) -> HTTPProxy {
        do {
            return try HTTPProxy(parsing: text)
        } catch {
            throw TargetError(error.message, field: "proxy")
        }
    }

    private func credentials(_ settings: Settings) throws(TargetError) -> HTTPCredentials {
        let given = ["basic", "bearer", "oauth2"].filter { settings.has($0) }
        guard let kind = given.first else { return .none }
        guard given.count == 1 else {
            throw TargetError("only one of basic, bearer and oauth2 can be", field: given[1])
        }
        guard !headers.contains(where: { $0.name.lowercased() == "authorization" }) else {
            throw TargetError("the headers hold an Authorization already", field: kind)
        }
        if let basic = settings.object("basic") {
            guard let user = basic.text("username"), !user.contains(":") else {
                throw TargetError("a user name with a colon cannot be sent", field: "basic")
            }
            return .basic(BasicCredentials(user: user, password: basic.secret("password") ?? Secret("")))
        }
        if let token = settings.secret("bearer") {
            guard token.revealed.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw TargetError("a token holds neither spaces nor letters outside ASCII", field: "bearer")
            }
            return .bearer(token)
        }
        return .oauth2(try oauth2(settings.object("oauth2") ?? Settings()))
    }

    /// The way to the token is that of the check: the same TLS, but not its name, and the same proxy.
    private func oauth2(_ settings: Settings) throws(TargetError) -> OAuthSettings {
        let target = settings.target("token_url") ?? ""
        let tokenURL: HTTPURL
        do {
            tokenURL = try HTTPURL(parsing: target.text, variables: target.variables)
        } catch {
            throw TargetError("token_url: \(error.message)", field: "oauth2")
        }
        var tls = tls
        tls.serverName = nil
        return OAuthSettings(
            tokenURL: tokenURL, clientID: settings.text("client_id") ?? "",
            clientSecret: settings.secret("client_secret") ?? Secret(""), scopes: settings.texts("scopes"),
            audience: settings.text("audience"),
            authentication: settings.text("client_auth").flatMap { .init(rawValue: $0) } ?? .basic,
            tls: tls, proxy: proxy)
    }
}

/// The headers that somebody wants to be sent.
enum HTTPHeaderSettings {
    /// What belongs to the connection, or follows from the body.
    private static let ours: Set = [
        "connection", "content-length", "expect", "http2-settings", "keep-alive", "proxy-authorization",
        "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ]

    private static let marks = Set("!#$%&'*+-.^_`|~".utf8)

    static func headers(_ pairs: [Settings.Pair]) throws(TargetError) -> [HTTPHeader] {
        var headers: [HTTPHeader] = []
        for pair in pairs {
            let name = pair.name
            guard !name.isEmpty, name.utf8.count <= 256, name.utf8.allSatisfy(isOfName) else {
                throw TargetError(
                    "“\(Printable.prefix(Printable.text(name), bytes: 40))” is no name of a header",
                    field: "headers")
            }
            guard !ours.contains(name.lowercased()) else {
                throw TargetError("\(name) is not to be set: it follows from the request", field: "headers")
            }
            // RFC 9110, 5.5; bytes beyond ASCII go as they are.
            guard pair.value.text.utf8.count <= 16_384,
                pair.value.text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 9 })
            else {
                throw TargetError(
                    "the value of \(name) holds a line's end or a control character, or is too long",
                    field: "headers")
            }
            headers.append(HTTPHeader(name, trimmed(pair.value.text)))
        }
        return headers
    }

    /// The values of headers whose names say that they are secrets, and whatever variables put in.
    static func secrets(_ pairs: [Settings.Pair]) -> [Secret] {
        pairs.flatMap { pair in
            (HTTPURL.isSecret(pair.name.lowercased()) ? [Secret(trimmed(pair.value.text))] : [])
                + secrets(in: pair.value)
        }
    }

    /// Whatever variables put into a text.
    static func secrets(in target: TargetText?) -> [Secret] {
        guard let target else { return [] }
        let bytes = Array(target.text.utf8)
        return target.variables.map {
            String(decoding: bytes[$0.clamped(to: 0..<bytes.count)], as: UTF8.self)
        }
        .filter { $0.utf8.count >= HTTPURL.shortestSecret }
        .map { Secret($0) }
    }

    private static func trimmed(_ value: String) -> String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var value = value.drop(while: isSpace)
        while let last = value.last, isSpace(last) { value = value.dropLast() }
        return String(value)
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: marks.contains(byte)
        }
    }
}

extension TLSSettings {
    /// Of the field `tls`.
    fileprivate init(_ settings: Settings?) throws(TargetError) {
        let mode: TLSMode =
            switch settings?.text("verify") {
            case "ca": .verifyCA
            case "none": .require
            default: .verifyFull
            }
        var identity: TLSIdentity?
        switch (settings?.text("certificate"), settings?.text("key")) {
        case (nil, nil):
            break
        case (let certificate?, let key):
            // Both are often in one file.
            identity = TLSIdentity(
                certificate: PEMSource(certificate), key: PEMSource(key ?? certificate))
        case (nil, _?):
            throw TargetError("the key has no certificate; set certificate as well", field: "tls")
        }
        guard mode != .require || settings?.has("ca") != true else {
            throw TargetError("ca says whom to trust, and verify: none that it does not matter", field: "tls")
        }
        self.init(
            mode, authorities: settings?.text("ca"), identity: identity,
            serverName: settings?.text("server_name"))
    }
}
