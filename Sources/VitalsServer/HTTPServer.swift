import Hummingbird
package import Logging
import ServiceLifecycle
import VitalsCore
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
    private let edge: Edge

    /// - Parameters:
    ///   - node: its settings say where to listen, and how.
    ///   - live: the node's configuration, for those who change it.
    ///   - forms: the kinds of check there are; `channelForms` likewise of channels.
    ///   - access: who may ask, as `ListenPolicy` decided it for this host.
    ///   - certificate: of a server that speaks TLS.
    ///   - accessLog: gets a line a request; nothing: nobody does.
    ///   - didListen: called once with the port, when requests are answered from then on.
    package init(
        node: Node, live: LiveConfiguration, forms: [ProbeForm], channelForms: [ChannelForm], access: Access,
        certificate: ServerCertificate?, logger: Logger, accessLog: Logger?,
        didListen: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) {
        let settings = node.settings
        self.init(
            Backend(node, Editing(live, forms: forms, channelForms: channelForms)), host: settings.host,
            port: settings.port, access: access, logger: logger, didListen: didListen,
            limits: ServerLimits(),
            edge: Edge(
                publicURL: settings.publicURL, basePath: settings.basePath,
                proxies: TrustedProxies(settings.trustedProxies), metrics: settings.metricsAddress,
                certificate: certificate, accessLog: accessLog.map { AccessLog(logger: $0) }))
    }

    init(
        _ backend: Backend, host: String, port: Int, access: Access, logger: Logger,
        didListen: @escaping @Sendable (_ port: Int) -> Void, limits: ServerLimits, edge: Edge = Edge()
    ) {
        self.backend = backend
        self.host = host.hasPrefix("[") ? String(host.dropFirst().prefix { $0 != "]" }) : host
        self.port = port
        self.access = access
        self.logger = logger
        self.didListen = didListen
        self.limits = limits
        self.edge = edge
    }

    /// Answers requests until a graceful shutdown; those in progress then have a short while to end, streams
    /// none.
    ///
    /// - Throws: `ListenError` when it cannot listen.
    package func run() async throws {
        let connections = Connections()
        var listeners = [self.main(connections)]
        if let address = edge.metrics { listeners.append(metrics(at: address, connections)) }
        try await withThrowingTaskGroup(of: Void.self) { closing in
            closing.addTask {
                try await gracefulShutdown()
                try await Task.sleep(for: limits.grace)
                connections.closeAll()
            }
            defer { closing.cancelAll() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for listener in listeners {
                    group.addTask {
                        do { try await listener.run() } catch {
                            // Without one of its addresses it answers at none.
                            connections.closeAll()
                            throw error
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    private func main(_ connections: Connections) -> Listener {
        Listener(
            responder: BasePath(
                path: edge.basePath,
                inner: Routes.router(
                    backend, access, limits, StreamPlaces(limits.streams), logger, edge
                ).buildResponder()),
            address: ListenAddress(host: host, port: port), connections: connections, limits: limits,
            certificate: edge.certificate, logger: logger, didListen: didListen)
    }

    private func metrics(at address: ListenAddress, _ connections: Connections) -> Listener {
        let access = HostName(address.host).isLoopback ? Access.loopback : .anyone
        let router = Routes.metrics(backend, access, limits, logger, edge)
        return Listener(
            responder: BasePath(path: "", inner: router.buildResponder()), address: address,
            connections: connections, limits: limits, certificate: nil, logger: logger
        ) { [logger] port in
            let bound = ListenAddress(host: address.host, port: port)
            logger.notice("metrics are answered to anybody", metadata: ["address": "\(bound)"])
        }
    }
}
