import NIOCore
import VitalsCore

/// One request and its response, by HTTP/1.1.
struct HTTPDialogue: HTTPExchange {
    private let request: ByteBuffer
    private let demand: HTTPDemand
    private let goesToProxy: Bool
    private var reader: HTTPResponseReader

    /// - Parameter goesToProxy: whether it is a proxy that answers if it takes us for a stranger.
    init(_ request: ByteBuffer, _ demand: HTTPDemand, goesToProxy: Bool = false) {
        self.request = request
        self.demand = demand
        self.goesToProxy = goesToProxy
        reader = HTTPResponseReader(demand)
    }

    var response: HTTPResponse? { reader.response }

    mutating func opened() -> [ProbeStep] {
        [.enter(.request), .send(request), .enter(.firstByte)]
    }

    mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] {
        var steps: [ProbeStep] = []
        while true {
            switch reader.read(&input) {
            case .more:
                return steps
            case .head(let head):
                if goesToProxy, head.status == 407 { return ProxyFault.steps(407) }
                steps.append(.fact(.httpStatus, .number(head.status)))
                if let verdict = demand.verdict(on: head, bodyStart: input) { return steps + verdict }
                steps.append(.enter(.body))
            case .complete, .enough:
                return steps + [.pass()]
            case .malformed(let cause, let message):
                return steps + [.fail(cause, message: message)]
            }
        }
    }

    mutating func ended() -> [ProbeStep] {
        switch reader.end() {
        case .malformed(let cause, let message)?:
            return [.fail(cause, message: message)]
        case _?:
            return [.pass()]
        case nil where reader.head == nil:
            return []
        case nil:
            return [
                .fail(
                    .unexpectedReply,
                    message: "closed the connection after \(reader.bodyBytes) bytes of a longer body")
            ]
        }
    }
}

extension HTTPDemand {
    /// What the head alone decides; nothing if the body is to be read.
    ///
    /// - Parameter bodyStart: what is there of the body of a failure, of which the trace keeps the start; it
    ///   is not waited for.
    func verdict(
        on head: HTTPResponseHead, bodyStart: ByteBuffer, farewell: ByteBuffer? = nil
    ) -> [ProbeStep]? {
        if follows, head.redirection != nil { return [.pass(farewell: farewell)] }
        if let statuses, !statuses.contains(head.status) {
            let start = String(decoding: bodyStart.readableBytesView.prefix(Self.excerpt), as: UTF8.self)
            let note: [ProbeStep] = start.isEmpty ? [] : [.note("the body begins: \(start)")]
            return note + [
                .fail(
                    .httpStatus, code: "\(head.status)", message: "answered \(head.status)",
                    farewell: farewell)
            ]
        }
        return bodyLimit == 0 ? [.pass(farewell: farewell)] : nil
    }

    private static let excerpt = 512
}
