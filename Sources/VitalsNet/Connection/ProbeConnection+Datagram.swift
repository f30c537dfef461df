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
        if case .echo(let payload) = route.transport {
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
}

/// Takes datagrams out of their envelopes, those of the peer only: not every kind of socket sees to that.
private final class DatagramOpening: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias InboundOut = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        guard envelope.remoteAddress == context.remoteAddress else { return }
        context.fireChannelRead(wrapInboundOut(envelope.data))
    }
}
