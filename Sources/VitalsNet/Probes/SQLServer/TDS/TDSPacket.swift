import NIOCore

/// What a message is ([MS-TDS] 2.2.3.1.1).
enum TDSMessageType: UInt8 {
    case batch = 0x01
    case tabularResult = 0x04
    case attention = 0x06
    case login = 0x10
    /// What comes before a login, TLS handshakes included.
    case prelogin = 0x12
}

/// Messages cut into packets: 8 bytes of head, then what is carried.
enum TDSPacket {
    static let headLength = 8
    /// The largest that can be ([MS-TDS] 2.2.3.1.3).
    static let longest = 32_767
    /// What a client may send before anything else is agreed on.
    static let usualLength = 4_096

    /// - Parameter length: of the longest packet, its head included.
    static func packets(
        _ type: TDSMessageType, _ message: ByteBuffer, length: Int = usualLength
    ) -> ByteBuffer {
        precondition(length > headLength)
        var rest = message
        var packets = ByteBuffer()
        var number: UInt8 = 1
        repeat {
            let size = min(rest.readableBytes, length - headLength)
            let isLast = size == rest.readableBytes
            packets.writeInteger(type.rawValue)
            packets.writeInteger(UInt8(isLast ? 1 : 0))
            packets.writeInteger(UInt16(size + headLength))
            // The session's number, which only the server knows; the packet's, which nobody heeds; nothing.
            packets.writeInteger(UInt16(0))
            packets.writeInteger(number)
            packets.writeInteger(UInt8(0))
            if var part = rest.readSlice(length: size) { packets.writeBuffer(&part) }
            number &+= 1
        } while rest.readableBytes > 0
        return packets
    }
}

/// What cannot be believed to come from a server.
enum TDSWireError: Error, Equatable {
    /// Not all is there yet.
    case short
    /// The first bytes of a peer that has not said anything that a SQL Server would say.
    case foreign([UInt8])
    /// What breaks the protocol.
    case malformed(String)
    /// Longer than anything that was asked for.
    case tooLong
}

/// Takes packets apart as they come.
struct TDSPacketReader {
    /// What one packet carried.
    struct Part: Equatable {
        let bytes: ByteBuffer
        /// Whether the message ends with it.
        let isLast: Bool
    }

    private static let shownBytes = 64
    /// Whether a whole packet has been read.
    private var hasRead = false

    /// - Returns: nothing while the packet is not complete.
    mutating func next(from input: inout ByteBuffer) throws(TDSWireError) -> Part? {
        let start = input.readerIndex
        guard let type = input.getInteger(at: start, as: UInt8.self) else { return nil }
        guard type == TDSMessageType.tabularResult.rawValue else {
            guard hasRead else { throw .foreign(Array(input.readableBytesView.prefix(Self.shownBytes))) }
            throw .malformed("a message of type \(type)")
        }
        guard let status = input.getInteger(at: start + 1, as: UInt8.self),
            let length = input.getInteger(at: start + 2, as: UInt16.self)
        else { return nil }
        guard (TDSPacket.headLength...TDSPacket.longest).contains(Int(length)) else {
            throw .malformed("a packet of \(length) bytes")
        }
        guard input.readableBytes >= Int(length) else { return nil }
        input.moveReaderIndex(forwardBy: TDSPacket.headLength)
        hasRead = true
        let bytes = input.readSlice(length: Int(length) - TDSPacket.headLength) ?? ByteBuffer()
        return Part(bytes: bytes, isLast: status & 1 == 1)
    }
}

extension ByteBuffer {
    /// The next integer, the lowest byte first.
    mutating func take<Value: FixedWidthInteger>(_: Value.Type) throws(TDSWireError) -> Value {
        guard let value = readInteger(endianness: .little, as: Value.self) else { throw .short }
        return value
    }

    mutating func take(bytes count: Int) throws(TDSWireError) -> ByteBuffer {
        guard let slice = readSlice(length: count) else { throw .short }
        return slice
    }

    /// So many characters of UTF-16.
    mutating func take(characters count: Int) throws(TDSWireError) -> String {
        try take(bytes: 2 * count).utf16Text
    }

    /// A text behind one byte that counts its characters (`B_VARCHAR`).
    mutating func takeShortText() throws(TDSWireError) -> String {
        try take(characters: Int(take(UInt8.self)))
    }

    /// The same behind two bytes (`US_VARCHAR`).
    mutating func takeText() throws(TDSWireError) -> String {
        try take(characters: Int(take(UInt16.self)))
    }

    /// All that is left, as UTF-16 with the lowest byte first.
    var utf16Text: String {
        let bytes = readableBytesView
        let units = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map { index in
            UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8
        }
        return String(decoding: units, as: UTF16.self)
    }

    mutating func writeUTF16(_ text: String) {
        for unit in text.utf16 { writeInteger(unit, endianness: .little) }
    }
}
