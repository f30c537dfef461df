import NIOCore
import NIOPosix
import Synchronization

/// A server on the loopback that does what no real one can be made to do.
final class ScriptedPeer: Sendable {
    enum Script: Sendable {
        /// Takes the connection and says nothing.
        case silence
        case closeAtOnce
        /// Says this as soon as it is connected to.
        case greet(String)
        /// Says this to the first thing it is told.
        case reply(String)
        /// The same, and closes.
        case replyAndClose(String)
        /// The first at once to the first thing it is told, then the second again and again, without an end.
        case flood(String, String)
        /// The first, then a byte of the second every 20 ms.
        case trickle(String, String)
    }

    let port: Int
    private let channel: any Channel
    private let group: MultiThreadedEventLoopGroup
    private let recorder: Recorder

    fileprivate struct Seen {
        var received = ""
        var connections = 0
        var closed = 0
    }

    init(
        _ script: Script, host: String = "127.0.0.1", port: Int = 0, unixSocket: String? = nil
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let recorder = Recorder()
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4_096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(script, recorder))
                }
            }
        if let unixSocket {
            channel = try await bootstrap.bind(unixDomainSocketPath: unixSocket).get()
        } else {
            channel = try await bootstrap.bind(host: host, port: port).get()
        }
        self.group = group
        self.recorder = recorder
        self.port = channel.localAddress?.port ?? 0
    }

    deinit {
        channel.close(promise: nil)
        group.shutdownGracefully { _ in }
    }

    /// Everything it was told, on all connections.
    var received: String { recorder.seen.withLock { $0.received } }
    /// How many connections it has had, and how many of them are gone.
    var connections: Int { recorder.seen.withLock { $0.connections } }
    var closed: Int { recorder.seen.withLock { $0.closed } }

    private final class Recorder: Sendable {
        let seen = Mutex(Seen())
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let script: Script
        private let recorder: Recorder
        private var hasAnswered = false

        init(_ script: Script, _ recorder: Recorder) {
            self.script = script
            self.recorder = recorder
        }

        func channelActive(context: ChannelHandlerContext) {
            recorder.seen.withLock { $0.connections += 1 }
            switch script {
            case .closeAtOnce: context.close(promise: nil)
            case .greet(let text): say(text, context)
            default: break
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            recorder.seen.withLock { $0.closed += 1 }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let text = String(buffer: unwrapInboundIn(data))
            recorder.seen.withLock { $0.received += text }
            guard !hasAnswered else { return }
            hasAnswered = true
            switch script {
            case .silence, .closeAtOnce, .greet: break
            case .reply(let text): say(text, context)
            case .replyAndClose(let text):
                say(text, context)
                context.close(promise: nil)
            case .flood(let first, let again):
                say(first, context)
                flood(ByteBuffer(string: String(repeating: again, count: 65_536 / again.utf8.count)), context)
            case .trickle(let first, let rest):
                say(first, context)
                trickle(ByteBuffer(string: rest), context)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }

        private func say(_ text: String, _ context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        }

        private func flood(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
            let loop = context.eventLoop.assumeIsolated()
            context.writeAndFlush(wrapOutboundOut(bytes)).assumeIsolated().whenSuccess { [self] in
                // Not at once: as long as the kernel takes them, that would be a recursion without an end.
                loop.execute { [self] in flood(bytes, context) }
            }
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
