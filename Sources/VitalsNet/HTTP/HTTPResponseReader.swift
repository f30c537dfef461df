import NIOCore
import VitalsCore

/// Reads one HTTP/1.x response (RFC 9112), as bytes come in. It holds no body unless that is wanted; and it
/// trusts nothing: each part has a limit, and what is ambiguous about the body's length is an error.
struct HTTPResponseReader {
    enum Progress: Equatable {
        /// All that was there has been taken; there must be more.
        case more
        /// The final head has been taken, and nothing of the body yet: to be asked again. Said once.
        case head(HTTPResponseHead)
        case complete
        /// As much of the body as was wanted has been read; the rest is left.
        case enough
        case malformed(Cause, message: String)
    }

    private enum Stage: Equatable {
        case head
        case body(left: Int)
        case chunkSize
        case chunk(left: Int)
        case chunkEnd
        case trailers
        case untilClose
        case complete
    }

    /// The final one: those of 1xx are passed over.
    private(set) var head: HTTPResponseHead?
    /// Bytes of the body so far, without the framing of chunks.
    private(set) var bodyBytes = 0
    /// The body itself, if it is to be kept or decoded.
    private var body: HTTPBody?

    private var stage = Stage.head
    private var interimHeads = 0
    private var trailerBytes = 0
    private let demand: HTTPDemand

    private static let maximumInterimHeads = 10
    private static let maximumTrailers = 8_192
    /// A chunk's size and its extensions.
    private static let maximumChunkLine = 1_024

    init(_ demand: HTTPDemand) {
        self.demand = demand
    }

    /// What came, once its head has.
    var response: HTTPResponse? {
        head.map { head in
            HTTPResponse(head: head, body: body?.kept ?? ByteBuffer(), isCut: stage != .complete)
        }
    }

    /// Takes what is complete from `input`, up to the next thing worth telling.
    mutating func read(_ input: inout ByteBuffer) -> Progress {
        while true {
            if let progress = step(&input) { return progress }
        }
    }

    /// The connection was closed in order. Whether that is also the end of the response.
    mutating func end() -> Progress? {
        guard stage == .untilClose || stage == .complete else { return nil }
        return completed()
    }

    private mutating func completed() -> Progress {
        stage = .complete
        return body?.complaintAtEnd.map { .malformed(.unexpectedReply, message: $0) } ?? .complete
    }

    /// One part; nothing when it was taken and another may follow.
    private mutating func step(_ input: inout ByteBuffer) -> Progress? {
        switch stage {
        case .head:
            return readHead(&input)
        case .body(let left):
            return readBody(&input, left: left) { $0 == 0 ? .complete : .body(left: $0) }
        case .chunk(let left):
            return readBody(&input, left: left) { $0 == 0 ? .chunkEnd : .chunk(left: $0) }
        case .untilClose:
            return readBody(&input, left: .max) { _ in .untilClose }
        case .chunkSize:
            return readChunkSize(&input)
        case .chunkEnd:
            return readChunkEnd(&input)
        case .trailers:
            return readTrailers(&input)
        case .complete:
            return completed()
        }
    }

    private mutating func readHead(_ input: inout ByteBuffer) -> Progress? {
        switch HTTPResponseHead.read(from: &input, keepsHeaders: demand.keeps.contains(.headers)) {
        case .more:
            return .more
        case .malformed(let cause, let message):
            return .malformed(cause, message: message)
        case .head(let head) where head.status == 101 && demand.upgrades:
            self.head = head
            stage = .complete
            return .head(head)
        case .head(let head) where (100..<200).contains(head.status):
            interimHeads += 1
            guard head.status != 101, interimHeads <= Self.maximumInterimHeads else {
                return .malformed(
                    .unexpectedReply, message: "answered \(head.status), which nobody asked for")
            }
            return nil
        case .head(let head):
            return begin(head)
        }
    }

    private mutating func begin(_ head: HTTPResponseHead) -> Progress {
        self.head = head
        switch head.framing {
        case _ where demand.isWithoutBody: stage = .complete
        case .none, .length(0): stage = .complete
        case .length(let count): stage = .body(left: count)
        case .chunked: stage = .chunkSize
        case .untilClose: stage = .untilClose
        }
        do {
            if stage != .complete { body = try HTTPBody(demand, head) }
        } catch {
            return .malformed(.unexpectedReply, message: error.message)
        }
        return .head(head)
    }

    private mutating func readBody(_ input: inout ByteBuffer, left: Int, next: (Int) -> Stage) -> Progress? {
        let count = min(left, input.readableBytes)
        guard count > 0 else { return .more }
        let progress = body?.take(input.readableBytesView.prefix(count))
        input.moveReaderIndex(forwardBy: count)
        bodyBytes += count
        stage = next(left - count)
        if case .malformed(let message)? = progress {
            return .malformed(.unexpectedReply, message: message)
        }
        let isEnough = progress.map { $0 == .enough } ?? (bodyBytes >= demand.bodyLimit)
        return isEnough && stage != .complete ? .enough : nil
    }

    private mutating func readChunkSize(_ input: inout ByteBuffer) -> Progress? {
        guard let line = input.readLine(limit: Self.maximumChunkLine) else {
            guard input.readableBytes <= Self.maximumChunkLine else { return Self.badChunk }
            return .more
        }
        let digits = line.prefix {
            $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t")
        }
        guard (1...15).contains(digits.count),
            let size = Int(String(decoding: digits, as: UTF8.self), radix: 16),
            digits.first != UInt8(ascii: "+"), digits.first != UInt8(ascii: "-")
        else { return Self.badChunk }
        stage = size == 0 ? .trailers : .chunk(left: size)
        return nil
    }

    private mutating func readChunkEnd(_ input: inout ByteBuffer) -> Progress? {
        guard let line = input.readLine(limit: 2) else {
            return input.readableBytes < 2 ? .more : Self.badChunk
        }
        guard line.isEmpty else { return Self.badChunk }
        stage = .chunkSize
        return nil
    }

    private mutating func readTrailers(_ input: inout ByteBuffer) -> Progress? {
        let before = input.readableBytes
        guard let line = input.readLine(limit: Self.maximumTrailers) else {
            guard trailerBytes + before <= Self.maximumTrailers else { return Self.badChunk }
            return .more
        }
        trailerBytes += before - input.readableBytes
        guard trailerBytes <= Self.maximumTrailers else { return Self.badChunk }
        if line.isEmpty { stage = .complete }
        return nil
    }

    private static let badChunk = Progress.malformed(
        .unexpectedReply, message: "sent a chunked body that is not well-formed")
}

extension ByteBuffer {
    /// Takes a line without its end (CR LF, or LF alone); nothing if none ends within `limit` bytes.
    mutating func readLine(limit: Int) -> ByteBufferView? {
        let view = readableBytesView.prefix(limit)
        guard let end = view.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        var line = view[..<end]
        moveReaderIndex(forwardBy: line.count + 1)
        if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
        return line
    }
}
