import NIOCore

/// What is asked of a name server.
struct DNSQuestion: Hashable, Sendable {
    /// Normal form (`HostName.normal`); the root is the empty text.
    let name: String
    let kind: DNSKind

    /// The question as a message (RFC 1035, 4.1), recursion desired.
    func encoded(id: UInt16) -> ByteBuffer {
        var buffer = ByteBuffer()
        write(id: id, to: &buffer)
        return buffer
    }

    /// The same as it goes over a stream, its length before it (RFC 1035, 4.2.2).
    func encodedForStream(id: UInt16) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeInteger(UInt16(0))
        write(id: id, to: &buffer)
        buffer.setInteger(UInt16(truncatingIfNeeded: buffer.readableBytes - 2), at: 0)
        return buffer
    }

    private func write(id: UInt16, to buffer: inout ByteBuffer) {
        buffer.writeMultipleIntegers(id, UInt16(0x0100), UInt16(1), UInt16(0), UInt16(0), UInt16(0))
        for label in name.utf8.split(separator: UInt8(ascii: ".")) {
            buffer.writeInteger(UInt8(truncatingIfNeeded: label.count))
            buffer.writeBytes(label)
        }
        buffer.writeInteger(UInt8(0))
        buffer.writeMultipleIntegers(kind.rawValue, DNSRecord.internetClass)
    }
}
