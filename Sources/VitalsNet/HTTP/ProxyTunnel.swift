import NIOCore
import VitalsCore

/// An exchange through a proxy that is asked for a tunnel first (RFC 9110, 9.3.6), which then begins with TLS
/// or, as WebSockets do (RFC 6455, 4.1), in the clear. The time that takes belongs to connecting.
struct ProxyTunnel: HTTPExchange {
    private let opening: ByteBuffer
    private let isSecure: Bool
    private var exchange: any HTTPExchange
    private var isOpen = false

    /// - Parameters:
    ///   - authority: host and port of the server behind the proxy.
    ///   - isSecure: whether TLS begins with the tunnel.
    init(
        to authority: Endpoint, through proxy: HTTPProxy, userAgent: String, isSecure: Bool = true,
        _ exchange: any HTTPExchange
    ) {
        self.isSecure = isSecure
        var head = "CONNECT \(authority) HTTP/1.1\r\nHost: \(authority)\r\nUser-Agent: \(userAgent)\r\n"
        if let authorization = proxy.authorization {
            head += "Proxy-Authorization: \(authorization.revealed)\r\n"
        }
        opening = ByteBuffer(string: head + "\r\n")
        self.exchange = exchange
    }

    var response: HTTPResponse? { exchange.response }

    mutating func opened() -> [ProbeStep] { [.send(opening)] }

    mutating func negotiated(_ name: String?) { exchange.negotiated(name) }

    mutating func secured() -> [ProbeStep] { exchange.opened() }

    mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] {
        guard !isOpen else { return exchange.received(&input) }
        var interimHeads = 0
        while true {
            switch HTTPResponseHead.read(from: &input) {
            case .more:
                return []
            case .malformed(let cause, let message):
                return [.fail(cause, message: "the proxy \(message)")]
            case .head(let head) where (200..<300).contains(head.status):
                isOpen = true
                return isSecure ? [.startTLS] : exchange.opened()
            case .head(let head) where head.status < 200 && interimHeads < Self.maximumInterimHeads:
                interimHeads += 1
            case .head(let head):
                return ProxyFault.steps(head.status)
            }
        }
    }

    mutating func timedOut() -> [ProbeStep] { isOpen ? exchange.timedOut() : [] }

    mutating func ended() -> [ProbeStep] { isOpen ? exchange.ended() : [] }

    private static let maximumInterimHeads = 10
}

/// What it means that a proxy does not do what it was asked for.
enum ProxyFault {
    static func steps(_ status: Int) -> [ProbeStep] {
        let answer = "the proxy answered \(status)"
        switch status {
        case 401, 407:
            return [
                .enter(.authenticate),
                .fail(
                    .authFailed, code: "\(status)", message: "\(answer): it wants another user or password"),
            ]
        case 400..<500:
            return [
                .fail(.badConfiguration, code: "\(status)", message: "\(answer): it makes no tunnel there")
            ]
        case 500..<600:
            return [
                .fail(.unreachable, code: "\(status)", message: "\(answer): it does not reach the server")
            ]
        default:
            return [.fail(.unexpectedReply, code: "\(status)", message: "\(answer) to the wish for a tunnel")]
        }
    }
}
