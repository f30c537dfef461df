import NIOCore

/// One frame of HTTP/2 (RFC 9113, 4.1).
struct HTTP2Frame: Equatable {
    enum Kind: UInt8 {
        case data, headers, priority, reset, settings, pushPromise, ping, goAway, windowUpdate, continuation
    }

    enum Reading: Equatable {
        case more
        case frame(HTTP2Frame)
        case tooLong(Int)
    }

    /// Nothing: one that we do not know, to be passed over.
    let kind: Kind?
    let flags: UInt8
    let stream: UInt32
    var payload: ByteBuffer

    /// `END_STREAM`; for settings and pings `ACK`.
    static let endStream: UInt8 = 1
    static let acknowledgement: UInt8 = 1
    static let endHeaders: UInt8 = 4
    static let padded: UInt8 = 8
    static let priority: UInt8 = 32

    /// What both sides may send without having been told that more is welcome.
    static let maximumLength = 16_384
    private static let headLength = 9

    init(_ kind: Kind, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: ByteBuffer = ByteBuffer()) {
        self.kind = kind
        self.flags = flags
        self.stream = stream
        self.payload = payload
    }

    private init(code: UInt8, flags: UInt8, stream: UInt32, _ payload: ByteBuffer) {
        kind = Kind(rawValue: code)
        self.flags = flags
        self.stream = stream
        self.payload = payload
    }

    func has(_ flag: UInt8) -> Bool { flags & flag != 0 }

    /// Takes a frame from `input` once all of it is there.
    static func read(from input: inout ByteBuffer) -> Reading {
        let start = input.readerIndex
        guard input.readableBytes >= headLength,
            let high: UInt8 = input.getInteger(at: start), let low: UInt16 = input.getInteger(at: start + 1),
            let code: UInt8 = input.getInteger(at: start + 3),
            let flags: UInt8 = input.getInteger(at: start + 4),
            let stream: UInt32 = input.getInteger(at: start + 5)
        else { return .more }
        let length = Int(high) << 16 | Int(low)
        guard length <= maximumLength else { return .tooLong(length) }
        guard input.readableBytes >= headLength + length else { return .more }
        input.moveReaderIndex(forwardBy: headLength)
        guard let payload = input.readSlice(length: length) else { return .more }
        return .frame(HTTP2Frame(code: code, flags: flags, stream: stream & 0x7FFF_FFFF, payload))
    }

    func write(to output: inout ByteBuffer) {
        precondition(payload.readableBytes <= Self.maximumLength)
        output.writeInteger(UInt8(0))
        output.writeInteger(UInt16(payload.readableBytes))
        output.writeInteger(kind?.rawValue ?? 0)
        output.writeInteger(flags)
        output.writeInteger(stream)
        output.writeImmutableBuffer(payload)
    }

    /// What is in it, without the padding and, of headers, without the priority; nothing if that cannot be.
    func content() -> ByteBuffer? {
        var content = payload
        if has(Self.padded) {
            guard let padding: UInt8 = content.readInteger(), content.readableBytes >= Int(padding) else {
                return nil
            }
            content.moveWriterIndex(to: content.writerIndex - Int(padding))
        }
        if kind == .headers, has(Self.priority) {
            guard content.readSlice(length: 5) != nil else { return nil }
        }
        return content
    }
}

/// The names of error codes (RFC 9113, 7).
enum HTTP2ErrorName {
    static func text(_ code: UInt32) -> String {
        Int(code) < names.count ? names[Int(code)] : "error \(code)"
    }

    static let noError: UInt32 = 0
    static let needsHTTP1: UInt32 = 13

    private static let names = [
        "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT",
        "STREAM_CLOSED", "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR",
        "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
    ]
}
