import NIOCore
import NIOPosix

/// A server on the loopback that says given bytes: the first at once, each of the others when it is told
/// something; after the last it is silent.
final class MySQLPlainPeer: Sendable {
    let port: Int
    private let channel: any Channel
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    /// - Parameter isTrickling: whether it says a byte every 20 ms.
    init(_ answers: [[UInt8]], isTrickling: Bool = false) async throws {
        channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(answers, isTrickling))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    deinit {
        channel.close(promise: nil)
        group.shutdownGracefully { _ in }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private var answers: [[UInt8]]
        private let isTrickling: Bool

        init(_ answers: [[UInt8]], _ isTrickling: Bool) {
            self.answers = answers
            self.isTrickling = isTrickling
        }

        func channelActive(context: ChannelHandlerContext) { sayNext(context) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { sayNext(context) }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }

        private func sayNext(_ context: ChannelHandlerContext) {
            guard !answers.isEmpty else { return }
            let bytes = ByteBuffer(bytes: answers.removeFirst())
            guard isTrickling else {
                return context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
            }
            trickle(bytes, context)
        }

        private func trickle(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
            var bytes = bytes
            guard context.channel.isActive, let next = bytes.readSlice(length: 1) else { return }
            context.writeAndFlush(wrapOutboundOut(next), promise: nil)
            context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(20)) { [self] in
                trickle(bytes, context)
            }
        }
    }
}
