import NIOCore

/// A message, put together of its frames.
struct WebSocketMessage: Sendable, Equatable {
    let isText: Bool
    var bytes: [UInt8]
}

/// How a server ends a connection (RFC 6455, 5.5.1).
struct WebSocketClose: Sendable, Equatable {
    /// Nothing: it gave none.
    let code: UInt16?
    let reason: String

    /// For people: `1011 (out of memory)`.
    var shown: String {
        let number = code.map { "\($0)" } ?? "no code"
        return reason.isEmpty ? number : "\(number) (“\(reason)”)"
    }
}

/// Puts messages together of what a server sends once the connection is a WebSocket. It trusts nothing: a
/// message has a limit, and so has the number of frames.
struct WebSocketReader {
    enum Event: Equatable {
        case message(WebSocketMessage)
        case ping([UInt8])
        case pong([UInt8])
        /// Nothing of what follows counts.
        case close(WebSocketClose)
        case malformed(WebSocketComplaint)
    }

    private let limit: Int
    /// What came of a message that is not whole yet.
    private var partial: WebSocketMessage?
    private var frames = 0

    /// In one run. A message in pieces of nothing would have no end otherwise.
    static let mostFrames = 10_000

    /// - Parameter limit: bytes of one message.
    init(limit: Int) {
        self.limit = limit
    }

    /// Takes what is complete, up to the next thing worth telling; nothing: there must be more.
    mutating func read(_ input: inout ByteBuffer) -> Event? {
        while true {
            switch WebSocketFrame.read(from: &input, limit: limit - (partial?.bytes.count ?? 0)) {
            case .more:
                return nil
            case .malformed(let complaint):
                return .malformed(shown(complaint))
            case .frame(let frame):
                frames += 1
                guard frames <= Self.mostFrames else {
                    return .malformed(
                        WebSocketComplaint(1_008, "sent more than \(Self.mostFrames) frames"))
                }
                if let event = take(frame) { return event }
            }
        }
    }

    /// The limit is that of the message, of which some may have come before.
    private func shown(_ complaint: WebSocketComplaint) -> WebSocketComplaint {
        complaint.closeCode == 1_009
            ? WebSocketComplaint(1_009, "sent a message of more than \(limit) bytes") : complaint
    }

    private mutating func take(_ frame: WebSocketFrame) -> Event? {
        switch frame.opcode {
        case .ping: return .ping(frame.payload)
        case .pong: return .pong(frame.payload)
        case .close: return close(frame.payload)
        case .text, .binary:
            guard partial == nil else {
                return .malformed(WebSocketComplaint(1_002, "began a message within another"))
            }
            partial = WebSocketMessage(isText: frame.opcode == .text, bytes: frame.payload)
        case .continuation:
            guard partial != nil else {
                return .malformed(WebSocketComplaint(1_002, "went on with a message that it had not begun"))
            }
            partial?.bytes += frame.payload
        }
        guard frame.isFinal, let message = partial else { return nil }
        partial = nil
        guard !message.isText || Self.isText(message.bytes) else {
            return .malformed(WebSocketComplaint(1_007, "sent a text that is not UTF-8"))
        }
        return .message(message)
    }

    private func close(_ payload: [UInt8]) -> Event {
        guard !payload.isEmpty else { return .close(WebSocketClose(code: nil, reason: "")) }
        guard payload.count >= 2 else {
            return .malformed(WebSocketComplaint(1_002, "closed with half a code"))
        }
        let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
        guard Self.isCode(code) else {
            return .malformed(WebSocketComplaint(1_002, "closed with \(code), which is no code"))
        }
        let reason = payload.dropFirst(2)
        guard Self.isText(reason) else {
            return .malformed(WebSocketComplaint(1_007, "gave a reason that is not UTF-8"))
        }
        return .close(WebSocketClose(code: code, reason: String(decoding: reason, as: UTF8.self)))
    }

    /// Those that may go over the wire (7.4.2).
    private static func isCode(_ code: UInt16) -> Bool {
        switch code {
        case 1_000...1_003, 1_007...1_014, 3_000...4_999: true
        default: false
        }
    }

    private static func isText(_ bytes: some Sequence<UInt8>) -> Bool {
        String(validating: bytes, as: UTF8.self) != nil
    }
}
