import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import VitalsEngine

/// One address at which requests are answered.
struct Listener: Sendable {
    let responder: BasePath<RouterResponder<ServerContext>>
    let address: ListenAddress
    let connections: Connections
    let limits: ServerLimits
    /// Nothing: it speaks plainly.
    let certificate: ServerCertificate?
    let logger: Logger
    let didListen: @Sendable (Int) -> Void

    /// - Throws: `ListenError` when it cannot listen.
    func run() async throws {
        do {
            try await application.run()
        } catch let error as IOError {
            throw ListenError(error, host: address.host, port: address.port)
        } catch is SocketAddressError {
            throw ListenError.unavailable(
                host: address.host, port: address.port, reason: "the name stands for no address")
        }
    }

    private var application: Application<BasePath<RouterResponder<ServerContext>>> {
        // The framework's own lines are for those who look closely.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return Application(
            responder: responder, server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port),
                availableConnectionsDelegate: .maximum(limits.connections, logger: quiet)),
            onServerRunning: { channel in
                connections.began(channel)
                didListen(channel.localAddress?.port ?? address.port)
            },
            logger: quiet)
    }

    private var server: HTTPServerBuilder {
        var decoder = HTTP1Channel.Configuration.DecoderConfiguration()
        decoder.maxHeaderFieldSize = limits.header
        decoder.maxHeaderListSize = limits.header
        decoder.maxHeaderFieldCount = limits.headerFields
        let configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [Connections.Watch(connections)],
            idleTimeout: TimeAmount(limits.idle), httpDecoderConfiguration: decoder)
        guard let certificate else { return .http1(configuration: configuration) }
        return HTTPServerBuilder { responder in
            EncryptedChannel(
                base: HTTP1Channel(responder: responder, configuration: configuration),
                certificate: certificate)
        }
    }
}
