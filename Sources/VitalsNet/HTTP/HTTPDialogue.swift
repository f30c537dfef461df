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
    private var hasBegunBody = false

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
        let progress = reader.read(&input)
        var steps: [ProbeStep] = []
        if !hasBegunBody, let head = reader.head {
            hasBegunBody = true
            steps.append(.fact(.httpStatus, .number(head.status)))
            if case .any = demand { return steps + [.pass()] }
            guard (200..<400).contains(head.status) else {
                return steps + [
                    .fail(.httpStatus, code: "\(head.status)", message: "answered \(head.status)")
                ]
            }
            steps.append(.enter(.body))
        }
        switch progress {
        case .more: break
        case .complete, .enough: steps.append(.pass())
        case .malformed(let cause, let message): steps.append(.fail(cause, message: message))
        }
        return steps
    }

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
