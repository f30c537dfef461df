import NIOCore
import VitalsCore

/// Which HTTP may be spoken.
enum HTTPVersionRule: String, Sendable, CaseIterable {
    /// HTTP/2 where the server offers it, HTTP/1.1 otherwise.
    case auto
    case never
    case required

    /// What is offered in the TLS handshake (RFC 9113, 3.2).
    var protocols: [String] {
        switch self {
        // What is not taken is told by us rather than by an alert of the server's.
        case .auto, .required: ["h2", "http/1.1"]
        case .never: []
        }
    }
}

/// One request and its response by what was agreed on in the TLS handshake.
struct NegotiatedExchange: HTTPExchange {
    private let request: HTTPRequest
    private let demand: HTTPDemand
    private let rule: HTTPVersionRule
    private var exchange: any HTTPExchange
    private var isHTTP2 = false

    init(_ request: HTTPRequest, _ demand: HTTPDemand, _ rule: HTTPVersionRule) {
        self.request = request
        self.demand = demand
        self.rule = rule
        exchange = HTTPDialogue(request.bytes, demand)
    }

    var response: HTTPResponse? { exchange.response }

    mutating func negotiated(_ name: String?) {
        guard name == "h2" else { return }
        isHTTP2 = true
        exchange = HTTP2Dialogue(request, demand)
    }

    mutating func opened() -> [ProbeStep] {
        guard isHTTP2 || rule != .required else {
            return [.fail(.protocolMismatch, message: "does not offer HTTP/2, which the settings require")]
        }
        return [.fact(.httpVersion, .text(isHTTP2 ? "2" : "1.1"))] + exchange.opened()
    }

    mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] { exchange.received(&input) }
    mutating func ended() -> [ProbeStep] { exchange.ended() }
}
