import NIOCore
import VitalsCore

/// One request and its response.
struct HTTPDialogue: ProbeDialogue {
    /// When the response counts as had.
    enum Demand {
        /// A status of 2xx or 3xx and the whole body, up to the limit.
        case good(bodyLimit: Int)
        /// Any status; the body is not waited for.
        case any
    }

    private let request: ByteBuffer
    private let demand: Demand
    private var reader: HTTPResponseReader

    init(_ request: ByteBuffer, _ demand: Demand) {
        self.request = request
        self.demand = demand
        switch demand {
        case .good(let bodyLimit): reader = HTTPResponseReader(bodyLimit: bodyLimit)
        case .any: reader = HTTPResponseReader(bodyLimit: 0)
        }
    }

    /// What came, once it has.
    var head: HTTPResponseHead? { reader.head }

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
                steps.append(.fact(.httpStatus, .number(head.status)))
                if case .any = demand { return steps + [.pass()] }
                guard (200..<400).contains(head.status) else { return steps + bad(head, input) }
                steps.append(.enter(.body))
            case .complete, .enough:
                return steps + [.pass()]
            case .malformed(let cause, let message):
                return steps + [.fail(cause, message: message)]
            }
        }
    }

    /// The verdict does not wait for the body of a failure; of what is there of it, the trace keeps the
    /// start.
    private func bad(_ head: HTTPResponseHead, _ input: ByteBuffer) -> [ProbeStep] {
        let start = String(decoding: input.readableBytesView.prefix(Self.excerpt), as: UTF8.self)
        let note: [ProbeStep] = start.isEmpty ? [] : [.note("the body begins: \(start)")]
        return note + [.fail(.httpStatus, code: "\(head.status)", message: "answered \(head.status)")]
    }

    private static let excerpt = 512

    mutating func ended() -> [ProbeStep] {
        if reader.endsWithConnection { return [.pass()] }
        guard reader.head != nil else { return [] }
        return [
            .fail(
                .unexpectedReply,
                message: "closed the connection after \(reader.bodyBytes) bytes of a longer body")
        ]
    }
}
