import CryptoExtras
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import VitalsTesting

/// A server of `MySQL8Session`s on the loopback. Who has logged in once with the whole password is remembered
/// by it, as by MySQL 8.
final class MySQL8Peer: Sendable {
    let port: Int
    private let channel: any Channel
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let memory: Memory
    private let identity: TestAuthority.Identity?

    fileprivate final class Memory: Sendable {
        struct Content {
            var isRemembered = false
            var logins: [MySQL8Session.Login] = []
            var quits = 0
        }

        let content = Mutex(Content())
    }

    /// - Parameter identity: for TLS; nothing: it has none.
    init(password: String, identity: TestAuthority.Identity? = nil) async throws {
        let key = try _RSA.Encryption.PrivateKey(keySize: .bits2048).pemRepresentation
        let tls = try identity.map { identity in
            let chain = try NIOSSLCertificate.fromPEMFile(identity.certificate)
            return try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: chain.map { .certificate($0) },
                    privateKey: .privateKey(try NIOSSLPrivateKey(file: identity.key, format: .pem))))
        }
        let memory = Memory()
        self.memory = memory
        self.identity = identity
        channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let session = try MySQL8Session(
                        password: password, offersTLS: tls != nil, key: key,
                        isRemembered: memory.content.withLock { $0.isRemembered })
                    try channel.pipeline.syncOperations.addHandler(Handler(session, tls, memory))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    deinit {
        channel.close(promise: nil)
        group.shutdownGracefully { _ in }
    }

    /// How those logged in who tried, in order.
    var logins: [MySQL8Session.Login] { memory.content.withLock { $0.logins } }
    /// How many sessions ended in order.
    var quits: Int { memory.content.withLock { $0.quits } }

    func forget() { memory.content.withLock { $0.isRemembered = false } }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private var session: MySQL8Session
        private let tls: NIOSSLContext?
        private let memory: Memory

        init(_ session: MySQL8Session, _ tls: NIOSSLContext?, _ memory: Memory) {
            self.session = session
            self.tls = tls
            self.memory = memory
        }

        func channelActive(context: ChannelHandlerContext) {
            perform(session.opened(), context)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let before = (session.login, session.hasQuit)
            let actions = session.received(Array(unwrapInboundIn(data).readableBytesView))
            memory.content.withLock { content in
                if before.0 == nil, let login = session.login {
                    content.logins.append(login)
                    if login == .fullOverTLS || login == .fullByRSA { content.isRemembered = true }
                }
                if !before.1, session.hasQuit { content.quits += 1 }
            }
            perform(actions, context)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }

        private func perform(_ actions: [MySQL8Session.Action], _ context: ChannelHandlerContext) {
            for action in actions {
                switch action {
                case .send(let bytes):
                    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
                case .startTLS:
                    guard let tls else { return context.close(promise: nil) }
                    try? context.pipeline.syncOperations.addHandler(
                        NIOSSLServerHandler(context: tls), position: .first)
                    let early = session.secured()
                    guard !early.isEmpty else { continue }
                    context.pipeline.fireChannelRead(ByteBuffer(bytes: early))
                case .close: context.close(promise: nil)
                }
            }
        }
    }
}
