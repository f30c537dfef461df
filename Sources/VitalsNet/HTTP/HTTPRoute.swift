import VitalsCore

/// One request and all that it takes to bring it to its server: directly, or through a proxy.
struct HTTPRoute: Sendable {
    let target: ProbeTarget
    private let request: HTTPRequest
    private let demand: HTTPDemand
    private let version: HTTPVersionRule
    private let proxy: HTTPProxy?
    private let userAgent: String

    /// What the framing of a response may take beside its body.
    private static let readAllowance = 1 << 20

    /// - Parameters:
    ///   - tls: for `https`.
    ///   - secrets: hidden in every text that leaves a run.
    init(
        method: String, url: HTTPURL, headers: [HTTPHeader], body: String?, userAgent: String,
        tls: TLSSettings, proxy: HTTPProxy?, family: IPFamily = .any, version: HTTPVersionRule,
        demand: HTTPDemand, needs: ConditionNeeds = [], secrets: [Secret]
    ) {
        var headers = headers
        if demand.decodes, !headers.contains(where: { $0.name.lowercased() == "accept-encoding" }) {
            headers.append(HTTPHeader("Accept-Encoding", HTTPCoding.offered))
        }
        request = HTTPRequest(
            method, url, userAgent: userAgent, headers: headers.map { ($0.name, $0.value) }, body: body,
            proxy: url.isSecure ? nil : proxy)
        var demand = demand
        demand.isWithoutBody = method == "HEAD"
        self.demand = demand
        self.version = version
        self.proxy = proxy
        self.userAgent = userAgent
        var settings = url.isSecure ? tls : .disabled
        if url.isSecure {
            settings.protocols = version.protocols
            if proxy != nil, settings.serverName == nil { settings.serverName = url.host }
        }
        var target = ProbeTarget(
            proxy?.endpoint ?? url.endpoint, family: family, tls: settings,
            startsWithTLS: url.isSecure && proxy == nil,
            readLimit: demand.bodyLimit + Self.readAllowance,
            secrets: secrets + url.secrets + (proxy?.secrets ?? []))
        target.needs = needs
        self.target = target
    }

    /// For one run.
    var exchange: any HTTPExchange {
        guard request.url.isSecure else {
            return HTTPDialogue(request.bytes, demand, goesToProxy: proxy != nil)
        }
        let exchange = NegotiatedExchange(request, demand, version)
        guard let proxy else { return exchange }
        return ProxyTunnel(to: request.url.endpoint, through: proxy, userAgent: userAgent, exchange)
    }
}
