import NIOCore

/// Looks at what the peer sends first, before it is decrypted: whether it speaks TLS at all, and which
/// cipher it chose. Both pass in the clear (RFC 8446, 4.1.3 and 5.1; the same in TLS 1.2).
final class TLSObserver: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// What is known of the peer's first bytes.
    private(set) var firstFlight = TLSFirstFlight()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if !firstFlight.isComplete {
            firstFlight.append(unwrapInboundIn(data))
        }
        context.fireChannelRead(data)
    }
}

/// The start of what a TLS server sends, as far as needed.
struct TLSFirstFlight {
    /// Enough for a record's head (5), a message's (4), version (2), random (32), session (1 + 32) and
    /// cipher (2).
    private static let length = 78

    private(set) var bytes: [UInt8] = []

    var isComplete: Bool { bytes.count >= Self.length }

    mutating func append(_ buffer: ByteBuffer) {
        bytes += buffer.readableBytesView.prefix(Self.length - bytes.count)
    }

    /// Whether it has sent something that is neither a handshake nor an alert.
    var isForeign: Bool {
        guard let first = bytes.first else { return false }
        return (first != 22 && first != 21) || (bytes.count > 1 && bytes[1] != 3)
    }

    /// The cipher of the ServerHello.
    var cipher: UInt16? {
        guard bytes.count >= 44, bytes[0] == 22, bytes[5] == 2 else { return nil }
        let index = 44 + Int(bytes[43])
        guard bytes.count >= index + 2 else { return nil }
        return UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
    }
}
