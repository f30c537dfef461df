import VitalsCore

/// All that a check asks over HTTP: the first request, and what to do when the answer points elsewhere.
struct HTTPPlan: Sendable {
    var method = "GET"
    var url: HTTPURL
    var headers: [HTTPHeader] = []
    var body: String?
    /// Beside the headers: what nobody is to see.
    var credentials = HTTPCredentials.none
    /// For `https`. Default: the certificate is verified in full, by the system's authorities.
    var tls = TLSSettings(.verifyFull)
    var proxy: HTTPProxy?
    /// Of the server, or of the proxy if there is one.
    var family = IPFamily.any
    var version = HTTPVersionRule.auto
    /// How many redirects are followed.
    var redirects = 0
    var allowsInsecureRedirects = false
    var demand: HTTPDemand
    /// What conditions ask of a response.
    var needs: ConditionNeeds = []
    var userAgent: String
    var secrets: [Secret] = []

    /// Whether one connection is all that a run ever takes.
    var isDirect: Bool {
        if case .oauth2 = credentials { return false }
        return redirects == 0
    }

    /// Those of the settings, of the URL and of the login.
    var allSecrets: [Secret] { secrets + url.secrets + credentials.secrets }

    var first: HTTPHop { HTTPHop(method: method, url: url, hasBody: body != nil) }

    /// The way to one of the servers. Credentials, and what else might be one, go to the origin that they
    /// were written for and to no other.
    func route(of hop: HTTPHop, token: OAuthToken? = nil) -> HTTPRoute {
        let isOwn = hop.url.origin == url.origin
        var sent = headers.filter { header in
            let name = header.name.lowercased()
            guard hop.hasBody || !name.hasPrefix("content-") else { return false }
            return isOwn || Self.harmless.contains(name)
        }
        var demand = demand
        demand.follows = redirects > 0
        var tls = tls
        if isOwn {
            if let authorization = credentials.authorization(token) {
                sent.append(HTTPHeader("Authorization", authorization))
            }
        } else {
            tls.identity = nil
            tls.serverName = nil
        }
        return HTTPRoute(
            method: hop.method, url: hop.url, headers: sent, body: hop.hasBody ? body : nil,
            userAgent: userAgent, tls: tls, proxy: proxy, family: family, version: version, demand: demand,
            needs: needs,
            secrets: secrets + url.secrets + credentials.secrets + (token.map { [$0.text] } ?? []))
    }

    private static let harmless: Set = [
        "accept", "accept-encoding", "accept-language", "cache-control", "content-encoding",
        "content-language", "content-type", "pragma", "user-agent",
    ]
}

/// One request of a run.
struct HTTPHop: Sendable, Hashable {
    let method: String
    let url: HTTPURL
    let hasBody: Bool

    /// The request that follows a redirect: what browsers do where RFC 9110, 15.4 leaves a choice.
    func following(_ status: Int, to url: HTTPURL) -> HTTPHop {
        let becomesGet =
            switch status {
            case 301, 302: method == "POST"
            case 303: method != "HEAD"
            default: false
            }
        return HTTPHop(
            method: becomesGet ? "GET" : method, url: url, hasBody: becomesGet ? false : hasBody)
    }
}

/// By what a server knows us.
enum HTTPCredentials: Sendable {
    case none
    case basic(BasicCredentials)
    case bearer(Secret)
    case oauth2(OAuthSettings)

    /// The value of `Authorization`.
    func authorization(_ token: OAuthToken?) -> String? {
        switch self {
        case .none: nil
        case .basic(let basic): basic.authorization
        case .bearer(let secret): "Bearer \(secret.revealed)"
        case .oauth2: token.map { "Bearer \($0.text.revealed)" }
        }
    }

    var secrets: [Secret] {
        switch self {
        case .none: []
        case .basic(let basic): basic.secrets
        case .bearer(let secret): [secret]
        case .oauth2(let settings): settings.secrets
        }
    }
}
