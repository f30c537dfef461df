import NIOCore
import VitalsCore

/// The frames that are the response itself.
extension HTTP2Dialogue {
    mutating func takeHead(_ frame: HTTP2Frame) -> Event {
        guard frame.stream == 1, let piece = frame.kind == .headers ? frame.content() : frame.payload else {
            return .malformed("sent a head that is not well-formed")
        }
        var block = state.block ?? (ByteBuffer(), frame.has(HTTP2Frame.endStream))
        guard (state.block != nil) == (frame.kind == .continuation) else {
            return .malformed("sent the middle of a head without its start")
        }
        block.bytes.writeImmutableBuffer(piece)
        guard block.bytes.readableBytes <= HTTPResponseHead.maximumBytes else {
            return .malformed("sent a head of more than \(HTTPResponseHead.maximumBytes) bytes")
        }
        guard frame.has(HTTP2Frame.endHeaders) else {
            state.block = block
            return idle()
        }
        state.block = nil
        let isTrailers = state.head != nil
        switch headers.decode(
            block.bytes, isTrailers: isTrailers, keepsHeaders: demand.keeps.contains(.headers))
        {
        case .malformed(let message): return .malformed(message)
        case .trailers: return block.isEnd ? complete() : .malformed("sent a head in the middle of a body")
        case .head(let head): return begin(head, isEnd: block.isEnd)
        }
    }

    private mutating func begin(_ head: HTTPResponseHead, isEnd: Bool) -> Event {
        guard head.status >= 200 else {
            state.interimHeads += 1
            guard head.status != 101, !isEnd, state.interimHeads <= Self.maximumInterimHeads else {
                return .malformed("answered \(head.status), which nobody asked for")
            }
            return .nothing
        }
        state.head = head
        if isEnd {
            state.isComplete = true
            if case .length(let length) = head.framing, length > 0, !demand.isWithoutBody {
                return .malformed("sent no body, but said it would have \(length) bytes")
            }
        } else {
            do {
                state.body = try HTTPBody(demand, head)
            } catch {
                return .malformed(error.message)
            }
        }
        return .head(head)
    }

    private static let maximumInterimHeads = 10

    mutating func takeData(_ frame: HTTP2Frame) -> Event {
        guard frame.stream == 1, let head = state.head, let piece = frame.content() else {
            return .malformed("sent a part of a body that belongs to nothing")
        }
        let isEnd = frame.has(HTTP2Frame.endStream)
        guard piece.readableBytes > 0 || isEnd else { return idle() }
        state.bodyBytes += piece.readableBytes
        if case .length(let length) = head.framing, state.bodyBytes > length, !demand.isWithoutBody {
            return .malformed("sent a longer body than the \(length) bytes that it said")
        }
        let progress = state.body?.take(piece.readableBytesView)
        if case .malformed(let message)? = progress { return .malformed(message) }
        if isEnd { return complete() }
        let isEnough = progress.map { $0 == .enough } ?? (state.bodyBytes >= demand.bodyLimit)
        return isEnough ? .enough : .nothing
    }

    private mutating func complete() -> Event {
        if case .length(let length)? = state.head?.framing, state.bodyBytes < length,
            !demand.isWithoutBody
        {
            return .malformed(
                "ended the body after \(state.bodyBytes) bytes, but said it would have \(length)")
        }
        state.isComplete = true
        return state.body?.complaintAtEnd.map { .malformed($0) } ?? .complete
    }

    /// The server gives the stream up, or the whole connection.
    func takeEnd(_ frame: HTTP2Frame) -> Event {
        var payload = frame.payload
        var isOurs = frame.stream == 1
        if frame.kind == .goAway {
            guard let last: UInt32 = payload.readInteger() else {
                return .malformed("sent a farewell that is not well-formed")
            }
            // What it has begun it will end.
            isOurs = last & 0x7FFF_FFFF < 1
        }
        guard let code: UInt32 = payload.readInteger() else {
            return .malformed("sent a farewell that is not well-formed")
        }
        if code == HTTP2ErrorName.needsHTTP1 {
            return .fault(.protocolMismatch, "wants HTTP/1.1 for this; set http2: never")
        }
        guard isOurs || (frame.kind == .goAway && code != HTTP2ErrorName.noError) else { return .nothing }
        return .fault(.reset, "gave up the request (\(HTTP2ErrorName.text(code)))")
    }
}
