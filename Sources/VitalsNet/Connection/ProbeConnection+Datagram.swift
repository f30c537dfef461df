import Glibc
import NIOCore
import NIOPosix
import VitalsCore

extension ProbeConnection {
    /// Opens a socket that takes datagrams of this address only.
    func openDatagram(
        _ address: SocketAddress, _ bound: NIOLoopBound<ProbeConnection>
    ) -> EventLoopFuture<any Channel> {
        var bootstrap = DatagramBootstrap(group: loop.eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([DatagramOpening(), bound.value])
                }
            }
        var address = address
        if case .echo(let payload) = route.transport {
            // ICMP has none, but the kernel takes a socket without one for unconnected.
            address.port = 1
            let subtype = address.protocol == .inet6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP
            let room = max(2_048, payload + Self.roomForHeader)
            bootstrap =
                bootstrap
                .protocolSubtype(NIOBSDSocket.ProtocolSubtype(rawValue: CInt(subtype)))
                .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: room))
        }
        return bootstrap.connect(to: address)
    }

    private static let roomForHeader = 64

    /// A datagram as it is sent to the present address: messages of ICMP begin differently by IPv6.
    func addressed(_ bytes: ByteBuffer) -> ByteBuffer {
        guard case .echo = route.transport, case .v6 = route.addresses[route.index] else { return bytes }
        var bytes = bytes
        bytes.setInteger(EchoMessage.requestOfIPv6, at: bytes.readerIndex)
        return bytes
    }
}

/// Takes datagrams out of their envelopes, those of the peer only: not every kind of socket sees to that.
private final class DatagramOpening: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias InboundOut = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        var sender = envelope.remoteAddress
        sender.port = context.remoteAddress?.port
        guard sender == context.remoteAddress else { return }
        context.fireChannelRead(wrapInboundOut(envelope.data))
    }
}
