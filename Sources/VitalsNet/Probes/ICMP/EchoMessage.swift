import NIOCore

/// An echo request or the reply to one (RFC 792; RFC 4443, 4). The kernel writes identifier and checksum and
/// lets only replies to its socket's identifier through.
struct EchoMessage: Equatable {
    let sequence: UInt16
    let payload: [UInt8]

    static let headerSize = 8

    /// What begins a request of IPv6; all others have that of IPv4.
    static let requestOfIPv6: UInt8 = 128

    /// The request, as it is sent by IPv4.
    var request: ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(Self.headerSize + payload.count)
        // Type, code, checksum, identifier, sequence number.
        buffer.writeMultipleIntegers(UInt8(8), UInt8(0), UInt16(0), UInt16(0), sequence)
        buffer.writeBytes(payload)
        return buffer
    }

    init(sequence: UInt16, payload: [UInt8]) {
        self.sequence = sequence
        self.payload = payload
    }

    /// A reply, from bytes that may be anything.
    init?(reply bytes: ByteBuffer) {
        var bytes = bytes
        guard
            let (type, code, _, _, sequence) = bytes.readMultipleIntegers(
                as: (UInt8, UInt8, UInt16, UInt16, UInt16).self),
            type == 0 || type == 129, code == 0
        else { return nil }
        self.sequence = sequence
        payload = Array(bytes.readableBytesView)
    }
}
