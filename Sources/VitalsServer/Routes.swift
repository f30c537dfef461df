import Hummingbird
import Logging
import VitalsEngine

/// All that this server answers, in one place.
enum Routes {
    static func router(
        _ backend: Backend, _ access: Access, _ limits: ServerLimits, _ places: StreamPlaces, _ logger: Logger
    ) -> Router<ServerContext> {
        let gate = Gate(access: access)
        let requests = RequestCounts()
        let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        // Middleware is bound to a route when that is added, but has to know all routes: hence two passes.
        let known = Router(context: ServerContext.self)
        add(to: known, backend, gate, limits, places, requests, logger)
        router.add(
            middleware: FrontDoor(
                gate: gate, limits: limits, paths: KnownPaths(of: known), requests: requests,
                logger: logger))
        add(to: router, backend, gate, limits, places, requests, logger)
        return router
    }

    private static func add(
        to router: Router<ServerContext>, _ backend: Backend, _ gate: Gate, _ limits: ServerLimits,
        _ places: StreamPlaces, _ requests: RequestCounts, _ logger: Logger
    ) {
        IndexController(backend: backend).addRoutes(to: router)
        HealthController(backend: backend).addRoutes(to: router)
        ReadinessController(backend: backend, gate: gate).addRoutes(to: router)
        SystemsController(backend: backend, limits: limits).addRoutes(to: router)
        HealthChecksController(backend: backend, limits: limits).addRoutes(to: router)
        RunsController(backend: backend, logger: logger).addRoutes(to: router)
        HistoryController(backend: backend, logger: logger).addRoutes(to: router)
        EpisodesController(backend: backend, logger: logger).addRoutes(to: router)
        TransitionsController(backend: backend, logger: logger).addRoutes(to: router)
        DeliveriesController(backend: backend, logger: logger).addRoutes(to: router)
        ChannelTestController(backend: backend).addRoutes(to: router)
        ChannelsController(backend: backend, limits: limits).addRoutes(to: router)
        PingController(backend: backend).addRoutes(to: router)
        PingsController(backend: backend, logger: logger).addRoutes(to: router)
        StreamController(backend: backend, places: places, limits: limits).addRoutes(to: router)
        MetricsController(backend: backend, requests: requests).addRoutes(to: router)
        OpenAPIController(backend: backend).addRoutes(to: router)
    }
}
