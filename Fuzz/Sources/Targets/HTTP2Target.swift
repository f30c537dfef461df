import NIOCore
import VitalsCore
import VitalsEngine

@testable import VitalsNet

extension FuzzTarget {
    /// Two bytes that choose what is wanted and the pieces, then what an HTTP/2 server sends.
    static let http2 = FuzzTarget(name: "http2", feed: HTTP2Target.feed)

    /// A byte for the pieces, one for the coding and one for the limit, then a compressed body.
    static let coding = FuzzTarget(name: "coding", feed: CodingTarget.feed)
}

private enum HTTP2Target {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard bytes.count > 2 else { return }
        var whole = try DialogueRun(try dialogue(bytes[0]), computing: 0)
        try whole.receive(bytes[2...])
        try whole.end()

        var pieces = try DialogueRun(try dialogue(bytes[0]), computing: 0)
        for piece in Pieces(of: bytes[2...], seed: bytes[1]) { try pieces.receive(piece) }
        try pieces.end()
        try promise(pieces.ending == whole.ending, "whole: \(whole.ending), in pieces: \(pieces.ending)")
        try promise(facts(pieces.steps) == facts(whole.steps), "other facts in pieces than whole")
        try promise(
            pieces.dialogue.response?.head == whole.dialogue.response?.head,
            "another head in pieces than whole")
        try promise(
            pieces.dialogue.response?.body == whole.dialogue.response?.body,
            "another body in pieces than whole")

        // What we send may grow with what we are sent, but not beyond it.
        try promise(
            whole.sent.count <= bodyLength + 1_024 + bytes.count * 2, "\(whole.sent.count) bytes sent")
        guard let response = whole.dialogue.response else { return }
        try promise((200...999).contains(response.head.status), "a final status of \(response.head.status)")
        try promise(response.body.readableBytes <= limit, "a body of \(response.body.readableBytes) bytes")
    }

    private static func facts(_ steps: [ProbeStep]) -> [ProbeStep] {
        steps.filter { if case .fact = $0 { true } else { false } }
    }

    private static let limit = 64
    private static let bodyLength = 70_000

    private static func dialogue(_ kind: UInt8) throws(BrokenPromise) -> HTTP2Dialogue {
        guard let url = try? HTTPURL(parsing: "https://h/") else {
            throw BrokenPromise(description: "a URL that is none")
        }
        var demand = HTTPDemand(statuses: kind & 1 == 0 ? nil : .usual, bodyLimit: limit)
        demand.keeps = kind & 2 == 0 ? [.headers, .body] : []
        demand.decodes = kind & 4 == 0
        demand.follows = kind & 8 != 0
        demand.isWithoutBody = kind & 16 != 0
        let body = kind & 32 == 0 ? nil : String(repeating: "x", count: bodyLength)
        return HTTP2Dialogue(HTTPRequest("POST", url, userAgent: "test", body: body), demand)
    }
}

private enum CodingTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard bytes.count > 3 else { return }
        let coding: HTTPCoding = bytes[1] & 1 == 0 ? .gzip : .deflate
        let limit = Int(bytes[2]) * 64 + 1
        let body = ByteBuffer(bytes: bytes[3...])
        let whole = try decode([body], coding, limit)
        let pieces = Pieces(of: bytes[3...], seed: bytes[0]).map { ByteBuffer(bytes: $0) }
        let again = try decode(pieces, coding, limit)
        try promise(whole == again, "whole: \(whole.ending), in pieces: \(again.ending)")
        try promise(whole.body.readableBytes <= limit, "more than was wanted")
    }

    private struct Decoded: Equatable {
        let body: ByteBuffer
        let ending: String
    }

    private static func decode(
        _ pieces: [ByteBuffer], _ coding: HTTPCoding, _ limit: Int
    ) throws(BrokenPromise) -> Decoded {
        let demand = HTTPDemand(statuses: nil, bodyLimit: limit, keeps: .body, decodes: true)
        let head = HTTPResponseHead(status: 200, framing: .untilClose, coding: coding)
        guard var body = try? HTTPBody(demand, head) else {
            throw BrokenPromise(description: "a coding that is offered and not known")
        }
        for piece in pieces {
            switch body.take(piece.readableBytesView) {
            case .more: continue
            case .enough: return Decoded(body: body.kept, ending: "enough")
            // Of a piece that is broken in the middle, the start may have come or not.
            case .malformed: return Decoded(body: ByteBuffer(), ending: "malformed")
            }
        }
        return Decoded(body: body.kept, ending: body.complaintAtEnd ?? "whole")
    }
}
