import Hummingbird
package import Logging
package import VitalsEngine

/// Answers `/metrics`, `/health`, `/healthz` and `/livez` for one service that is watched without a store.
package struct WatchServer: Sendable {
    private let watch: SoleWatch
    private let address: ListenAddress
    private let logger: Logger
    private let didListen: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - address: where to listen. On loopback only hosts that are this machine are answered.
    ///   - didListen: called once with the port, when requests are answered from then on.
    package init(
        _ watch: SoleWatch, at address: ListenAddress, logger: Logger,
        didListen: @escaping @Sendable (_ port: Int) -> Void
    ) {
        self.watch = watch
        self.address = address
        self.logger = logger
        self.didListen = didListen
    }

    /// Answers until it is cancelled.
    ///
    /// - Throws: `ListenError` when it cannot listen.
    package func run() async throws {
        let limits = ServerLimits()
        let access = HostName(address.host).isLoopback ? Access.loopback : .anyone
        let router = Routes.watch(watch, access, limits, logger)
        try await Listener(
            responder: BasePath(path: "", inner: router.buildResponder()), address: address,
            connections: Connections(), limits: limits, certificate: nil, logger: logger, didListen: didListen
        ).run()
    }
}
