import NIOCore
import NIOPosix
import Synchronization

@testable import VitalsNet

/// A name server on the loopback that answers as it is told.
final class ScriptedNameServer: Sendable {
    /// One question as it came.
    struct Query: Sendable {
        let id: UInt16
        let name: String
        let kind: UInt16
        let isIPv4: Bool
        /// The question's own bytes, to be repeated in the answer.
        let question: [UInt8]
    }

    typealias Script = @Sendable (Query) -> [[UInt8]]

    let address: SocketAddress
    private let channel: any Channel
    private let group: MultiThreadedEventLoopGroup
    private let recorder: Recorder

    init(_ script: @escaping Script) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let recorder = Recorder()
        channel = try await DatagramBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(script, recorder))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        self.group = group
        self.recorder = recorder
        address = try SocketAddress(ipAddress: "127.0.0.1", port: channel.localAddress?.port ?? 0)
    }

    deinit {
        channel.close(promise: nil)
        group.shutdownGracefully { _ in }
    }

    var queries: [Query] { recorder.queries.withLock { $0 } }

    /// Settings for a resolver that asks this server, and knows no hosts file.
    var settings: ResolverSettings { Self.settings([address]) }

    static func settings(_ servers: [SocketAddress]) -> ResolverSettings {
        var settings = ResolverSettings()
        settings.hostsPath = "/dev/null"
        settings.resolvPath = "/dev/null"
        settings.hostName = ""
        settings.servers = servers
        settings.retryEvery = .seconds(5)
        return settings
    }

    private final class Recorder: Sendable {
        let queries = Mutex<[Query]>([])
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = AddressedEnvelope<ByteBuffer>
        typealias OutboundOut = AddressedEnvelope<ByteBuffer>

        private let script: Script
        private let recorder: Recorder

        init(_ script: @escaping Script, _ recorder: Recorder) {
            self.script = script
            self.recorder = recorder
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let envelope = unwrapInboundIn(data)
            let bytes = Array(envelope.data.readableBytesView)
            var reader = DNSReader(bytes)
            guard let header = reader.header(), let name = reader.name(), let kind = reader.integer16() else {
                return
            }
            let query = Query(
                id: header.id, name: name, kind: kind, isIPv4: kind == 1, question: Array(bytes[12...]))
            recorder.queries.withLock { $0.append(query) }
            for reply in script(query) {
                let answer = AddressedEnvelope(
                    remoteAddress: envelope.remoteAddress, data: ByteBuffer(bytes: reply))
                context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
            }
        }
    }
}

extension ScriptedNameServer.Query {
    /// A reply with these records.
    func reply(
        code: UInt8 = 0, id: UInt16? = nil, flags: UInt16 = 0x8180, answers: [[UInt8]] = [],
        authorities: [[UInt8]] = [], question: [UInt8]? = nil
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        for number in [
            id ?? self.id, flags | UInt16(code), 1, UInt16(answers.count), UInt16(authorities.count), 0,
        ] {
            bytes += [UInt8(number >> 8), UInt8(number & 255)]
        }
        return bytes + (question ?? self.question) + answers.joined() + authorities.joined()
    }

    /// A record whose owner is the name asked for, by compression.
    static func record(
        _ kind: UInt8, ttl: UInt8 = 60, _ bytes: [UInt8], owner: [UInt8] = [0xC0, 12]
    ) -> [UInt8] {
        owner + [0, kind, 0, 1, 0, 0, 0, ttl, 0, UInt8(bytes.count)] + bytes
    }

    /// The address for a question about IPv4, nothing for one about IPv6.
    func reply(_ ipv4: [UInt8], ttl: UInt8 = 60) -> [UInt8] {
        reply(answers: isIPv4 ? [Self.record(1, ttl: ttl, ipv4)] : [])
    }
}
