import NIOCore
import VitalsCore
import VitalsEngine

/// The way to a WebSocket: as that of HTTP, but for proxies, which make a tunnel in any case (RFC 6455, 4.1).
struct WebSocketWay: Sendable {
    /// Its method, body and redirects have no part in it.
    let plan: HTTPPlan
    let request: WebSocketRequest
    let target: ProbeTarget
    /// Bytes of one message.
    let limit: Int

    /// - Parameters:
    ///   - limit: bytes of one message.
    ///   - secrets: hidden in every text, beside those of the plan.
    init(
        _ plan: HTTPPlan, subprotocols: [String] = [], limit: Int = WebSocketSession.usualLimit,
        secrets: [Secret] = []
    ) {
        self.plan = plan
        self.limit = limit
        var headers = plan.headers
        if let authorization = plan.credentials.authorization(nil) {
            headers.append(HTTPHeader("Authorization", authorization))
        }
        request = WebSocketRequest(
            plan.url, userAgent: plan.userAgent, headers: headers, subprotocols: subprotocols)
        var tls = plan.url.isSecure ? plan.tls : .disabled
        if plan.url.isSecure, plan.proxy != nil, tls.serverName == nil { tls.serverName = plan.url.host }
        var target = ProbeTarget(
            plan.proxy?.endpoint ?? plan.url.endpoint, family: plan.family, tls: tls,
            startsWithTLS: plan.url.isSecure && plan.proxy == nil,
            readLimit: limit + WebSocketSession.readAllowance,
            secrets: secrets + plan.allSecrets + (plan.proxy?.secrets ?? []))
        target.needs = plan.needs
        self.target = target
    }

    var session: WebSocketSession { WebSocketSession(request, limit: limit) }

    /// Through a tunnel, where there is a proxy.
    func exchange(_ exchange: any HTTPExchange) -> any HTTPExchange {
        guard let proxy = plan.proxy else { return exchange }
        return ProxyTunnel(
            to: plan.url.endpoint, through: proxy, userAgent: plan.userAgent, isSecure: plan.url.isSecure,
            exchange)
    }
}
