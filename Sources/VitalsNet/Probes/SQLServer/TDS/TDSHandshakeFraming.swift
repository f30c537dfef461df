import NIOCore

/// Stands between the wire and TLS: until TLS is agreed on, what it says lies in packets of the type PRELOGIN
/// ([MS-TDS] 3.2.5.2), after that on the wire as it is. Then it takes itself away.
///
/// A packet and a record of TLS never begin with the same byte, so that whatever a server still wraps after
/// the handshake (tickets of TLS 1.3) is unwrapped as well.
final class TDSHandshakeFraming: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var input = ByteBuffer()
    private var output = ByteBuffer()
    private var isAgreed = false
    private var isLeaving = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        guard !isLeaving else { return context.fireChannelRead(data) }
        input.writeBuffer(&bytes)
        while let part = unwrapped() {
            context.fireChannelRead(wrapInboundOut(part))
        }
        if isLeaving { context.pipeline.syncOperations.removeHandler(context: context, promise: nil) }
    }

    /// The next piece for TLS; nothing where there is none yet. What is no packet is left to TLS, which says
    /// what is wrong with it.
    private func unwrapped() -> ByteBuffer? {
        guard let type = input.getInteger(at: input.readerIndex, as: UInt8.self) else { return nil }
        guard type == TDSMessageType.prelogin.rawValue || type == TDSMessageType.tabularResult.rawValue else {
            isLeaving = isAgreed
            defer { input = ByteBuffer() }
            return input
        }
        guard let length = input.getInteger(at: input.readerIndex + 2, as: UInt16.self) else { return nil }
        guard Int(length) >= TDSPacket.headLength else {
            defer { input = ByteBuffer() }
            return input
        }
        guard input.readableBytes >= Int(length) else { return nil }
        input.moveReaderIndex(forwardBy: TDSPacket.headLength)
        return input.readSlice(length: Int(length) - TDSPacket.headLength)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isAgreed else { return context.write(data, promise: promise) }
        var bytes = unwrapOutboundIn(data)
        output.writeBuffer(&bytes)
        promise?.succeed()
    }

    func flush(context: ChannelHandlerContext) {
        if output.readableBytes > 0 {
            context.write(wrapOutboundOut(TDSPacket.packets(.prelogin, output)), promise: nil)
            output = ByteBuffer()
        }
        context.flush()
    }

    /// TLS is agreed on: from here on it is on the wire as it is.
    func agreed() {
        isAgreed = true
    }
}
