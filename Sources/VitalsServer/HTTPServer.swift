import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle
package import VitalsEngine

/// The HTTP server: API, live stream and health endpoints of one node.
package struct HTTPServer: Service {
    private let backend: Backend
    private let host: String
    private let port: Int
    private let access: Access
    private let logger: Logger
    private let didListen: @Sendable (Int) -> Void
    private let limits: ServerLimits

    /// - Parameters:
    ///   - live: the node's configuration, for those who change it.
    ///   - forms: the kinds of check there are; `channelForms` likewise of channels.
    ///   - host: the address or name to listen on; IPv6 with or without brackets.
    ///   - port: 0 for any free one.
    ///   - access: who may ask, as `ListenPolicy` decided it for this host.
    ///   - didListen: called once with the port, when requests are answered from then on.
    package init(
        node: Node, live: LiveConfiguration, forms: [ProbeForm], channelForms: [ChannelForm], host: String,
        port: Int, access: Access, logger: Logger,
        didListen: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) {
        self.init(
            Backend(node, Editing(live, forms: forms, channelForms: channelForms)), host: host, port: port,
            access: access, logger: logger, didListen: didListen,
            limits: ServerLimits())
    }

    init(
        _ backend: Backend, host: String, port: Int, access: Access, logger: Logger,
        didListen: @escaping @Sendable (_ port: Int) -> Void, limits: ServerLimits
    ) {
        self.backend = backend
        self.host = host.hasPrefix("[") ? String(host.dropFirst().prefix { $0 != "]" }) : host
        self.port = port
        self.access = access
        self.logger = logger
        self.didListen = didListen
        self.limits = limits
    }

    /// Answers requests until a graceful shutdown; those in progress then have a short while to end, streams
    /// none.
    ///
    /// - Throws: `ListenError` when it cannot listen.
    package func run() async throws {
        let connections = Connections()
        let application = application(connections)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await serve(application)
                return true
            }
            group.addTask {
                try await gracefulShutdown()
                try await Task.sleep(for: limits.grace)
                // Closed, not cancelled: a connection that was accepted but not taken up yet would be
                // dropped, which stops the process.
                connections.closeAll()
                return false
            }
            defer { group.cancelAll() }
            while try await group.next() == false {}
        }
    }

    private func serve(_ application: Application<RouterResponder<ServerContext>>) async throws {
        do {
            try await application.run()
        } catch let error as IOError {
            throw ListenError(error, host: host, port: port)
        } catch is SocketAddressError {
            throw ListenError.unavailable(
                host: host, port: port, reason: "the name stands for no address")
        }
    }

    private func application(_ connections: Connections) -> Application<RouterResponder<ServerContext>> {
        // The framework's own lines are for those who look closely.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let router = Routes.router(backend, access, limits, StreamPlaces(limits.streams), logger)
        var decoder = HTTP1Channel.Configuration.DecoderConfiguration()
        decoder.maxHeaderFieldSize = limits.header
        decoder.maxHeaderListSize = limits.header
        decoder.maxHeaderFieldCount = limits.headerFields
        return Application(
            responder: router.buildResponder(),
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [Connections.Watch(connections)],
                    idleTimeout: TimeAmount(limits.idle), httpDecoderConfiguration: decoder)),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                availableConnectionsDelegate: .maximum(limits.connections, logger: quiet)),
            onServerRunning: { channel in didListen(channel.localAddress?.port ?? port) },
            logger: quiet)
    }
}
