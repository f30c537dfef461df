import NIOCore

/// One frame of a WebSocket (RFC 6455, 5.2).
struct WebSocketFrame: Sendable, Equatable {
    enum Opcode: UInt8, Sendable {
        case continuation = 0
        case text = 1
        case binary = 2
        case close = 8
        case ping = 9
        case pong = 10

        var isControl: Bool { rawValue >= 8 }
    }

    enum Reading: Equatable {
        /// All that was there belongs to a frame that is not whole yet.
        case more
        case frame(WebSocketFrame)
        case malformed(WebSocketComplaint)
    }

    let opcode: Opcode
    /// Whether its message ends with it.
    let isFinal: Bool
    let payload: [UInt8]

    /// Of a control frame, in bytes.
    static let longestControl = 125

    /// Takes one from what a server sends once all of it is there; what is wrong is told as soon as its head
    /// shows it.
    ///
    /// - Parameter limit: bytes that its payload may have.
    static func read(from input: inout ByteBuffer, limit: Int) -> Reading {
        let start = input.readerIndex
        guard let first = input.getInteger(at: start, as: UInt8.self),
            let second = input.getInteger(at: start + 1, as: UInt8.self)
        else { return .more }
        guard first & 0x70 == 0 else {
            return malformed("sent a frame with reserved bits, of an extension that was not agreed on")
        }
        guard let opcode = Opcode(rawValue: first & 0x0F) else {
            return malformed("sent a frame of the unknown kind \(first & 0x0F)")
        }
        guard second & 0x80 == 0 else {
            return malformed("masked a frame, which only a client does")
        }
        let isFinal = first & 0x80 != 0
        let short = Int(second)
        if opcode.isControl {
            guard isFinal else { return malformed("sent a control frame in pieces") }
            guard short <= longestControl else {
                return malformed("sent a control frame of more than \(longestControl) bytes")
            }
        }
        guard let (length, headLength) = length(short, in: input, at: start + 2) else { return .more }
        guard let length else { return malformed("wrote a length longer than it needs to be") }
        guard length <= UInt64(limit) else {
            return .malformed(
                WebSocketComplaint(1_009, "sent a message of more than \(limit) bytes"))
        }
        guard let payload = input.getBytes(at: start + 2 + headLength, length: Int(length)) else {
            return .more
        }
        input.moveReaderIndex(forwardBy: 2 + headLength + payload.count)
        return .frame(WebSocketFrame(opcode: opcode, isFinal: isFinal, payload: payload))
    }

    /// The length and the bytes that it takes beside the first; no length: it could be written in fewer.
    /// Nothing: it is not all there yet.
    private static func length(
        _ short: Int, in input: ByteBuffer, at index: Int
    ) -> (length: UInt64?, bytes: Int)? {
        switch short {
        case 126:
            guard let length = input.getInteger(at: index, as: UInt16.self) else { return nil }
            return (length > 125 ? UInt64(length) : nil, 2)
        case 127:
            guard let length = input.getInteger(at: index, as: UInt64.self) else { return nil }
            return (length > 65_535 ? length : nil, 8)
        default:
            return (UInt64(short), 0)
        }
    }

    private static func malformed(_ message: String) -> Reading {
        .malformed(WebSocketComplaint(1_002, message))
    }

    /// A whole message, or a control frame, as a client sends it.
    ///
    /// - Parameter mask: by chance, another one each time (5.3).
    static func masked(_ opcode: Opcode, _ payload: some Collection<UInt8>, mask: UInt32) -> ByteBuffer {
        precondition(!opcode.isControl || payload.count <= longestControl)
        var frame = ByteBuffer()
        frame.reserveCapacity(payload.count + 14)
        frame.writeInteger(0x80 | opcode.rawValue)
        switch payload.count {
        case ...125:
            frame.writeInteger(0x80 | UInt8(payload.count))
        case ...65_535:
            frame.writeInteger(0x80 | 126 as UInt8)
            frame.writeInteger(UInt16(payload.count))
        default:
            frame.writeInteger(0x80 | 127 as UInt8)
            frame.writeInteger(UInt64(payload.count))
        }
        frame.writeInteger(mask)
        let key = (0..<4).map { UInt8(truncatingIfNeeded: mask >> (24 - 8 * UInt32($0))) }
        frame.writeBytes(payload.enumerated().lazy.map { $0.element ^ key[$0.offset % 4] })
        return frame
    }
}

/// How a server broke the protocol, and what it is told of that (RFC 6455, 7.4.1).
struct WebSocketComplaint: Sendable, Equatable {
    let closeCode: UInt16
    /// For people, after `the server`.
    let message: String

    init(_ closeCode: UInt16, _ message: String) {
        self.closeCode = closeCode
        self.message = message
    }
}
