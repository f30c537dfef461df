import NIOCore
import NIOPosix
import NIOSSL
import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

/// TLS that begins in the middle of a connection, as PostgreSQL's does.
@Suite struct StartTLSTests {
    private struct Asking: ProbeDialogue {
        mutating func opened() -> [ProbeStep] { [.enter(.greeting), .send(ByteBuffer(string: "?"))] }

        mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] {
            switch input.readString(length: 1) {
            case "S": [.startTLS]
            case "N": [.fail(.tlsUnsupported, message: "the server has no TLS")]
            default: [.pass(farewell: ByteBuffer(string: "bye"))]
            }
        }

        mutating func secured() -> [ProbeStep] {
            [.enter(.authenticate), .send(ByteBuffer(string: "hello"))]
        }
    }

    private func run(_ port: Int, _ tls: TLSSettings = TLSSettings(.require)) async throws -> ProbeResult {
        let network = try TestNetwork()
        return await network.run(ProbeTarget(.host("localhost", port: port), tls: tls), Asking())
    }

    @Test func theConnectionGoesOnUnderTLS() async throws {
        let authority = try await TestAuthority()
        let server = try await UpgradingServer(try await authority.issue(for: ["localhost"]))
        let result = try await run(server.port, TLSSettings(.verifyFull, authorities: authority.certificate))
        #expect(result.fault == nil)
        #expect(result.phases.map(\.phase) == [.resolve, .connect, .greeting, .tls, .authenticate])
        #expect(result.facts[.certificateNames] == .list(["localhost"]))
    }

    @Test func whatComesBeforeTLSIsNotTakenForWhatComesThroughIt() async throws {
        let peer = try await ScriptedPeer(.reply("Sinjected"))
        let result = try await run(peer.port)
        #expect(result.fault?.cause == .unexpectedReply)
        #expect(result.fault?.phase == .tls)
    }

    @Test func aServerWithoutTLSIsToldByItsDialogue() async throws {
        let peer = try await ScriptedPeer(.reply("N"))
        let result = try await run(peer.port)
        #expect(result.fault == Fault(.tlsUnsupported, in: .greeting, message: "the server has no TLS"))
    }
}

/// Says `S` to the first byte, and goes on under TLS, where it repeats what it hears.
private final class UpgradingServer: Sendable {
    let port: Int
    private let channel: any Channel
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    init(_ identity: TestAuthority.Identity) async throws {
        let chain = try NIOSSLCertificate.fromPEMFile(identity.certificate).map {
            NIOSSLCertificateSource.certificate($0)
        }
        let key = try NIOSSLPrivateKey(file: identity.key, format: .pem)
        let context = try NIOSSLContext(
            configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key)))
        channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Upgrading(context))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    deinit {
        channel.close(promise: nil)
        group.shutdownGracefully { _ in }
    }

    private final class Upgrading: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let tlsContext: NIOSSLContext
        private var isSecure = false

        init(_ tlsContext: NIOSSLContext) {
            self.tlsContext = tlsContext
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard !isSecure else { return context.writeAndFlush(data, promise: nil) }
            isSecure = true
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "S")), promise: nil)
            try? context.pipeline.syncOperations.addHandler(
                NIOSSLServerHandler(context: tlsContext), position: .before(self))
        }
    }
}
