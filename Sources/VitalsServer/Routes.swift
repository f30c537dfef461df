import Hummingbird
import Logging
import VitalsEngine

/// All that this server answers, in one place.
enum Routes {
    static func router(
        _ backend: Backend, _ access: Access, _ limits: ServerLimits, _ places: StreamPlaces,
        _ logger: Logger,
        _ edge: Edge = Edge()
    ) -> Router<ServerContext> {
        let gate = Gate(access: access, ownOrigin: edge.origin)
        let requests = RequestCounts()
        let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        // Middleware is bound to a route when that is added, but has to know all routes: hence two passes.
        let known = Router(context: ServerContext.self)
        add(to: known, backend, gate, limits, places, requests, logger, edge)
        router.add(
            middleware: FrontDoor(
                gate: gate, edge: edge, limits: limits, paths: KnownPaths(of: known), requests: requests,
                logger: logger))
        router.add(middleware: RepeatedRequests(backend: backend, limits: limits))
        add(to: router, backend, gate, limits, places, requests, logger, edge)
        return router
    }

    /// What the listener for metrics answers.
    static func metrics(
        _ backend: Backend, _ access: Access, _ limits: ServerLimits, _ logger: Logger, _ edge: Edge
    )
        -> Router<ServerContext>
    {
        let requests = RequestCounts()
        return few(access, limits, requests, logger, edge) { router in
            MetricsController(backend, requests: requests).addRoutes(to: router)
        }
    }

    /// What `vitals wrap` answers.
    static func watch(
        _ watch: SoleWatch, _ access: Access, _ limits: ServerLimits, _ logger: Logger
    ) -> Router<ServerContext> {
        let requests = RequestCounts()
        let health = HealthController(
            summary: { watch.healthSummary() }, version: watch.version,
            unhealthyHTTPStatus: HTTPResponse.Status.internalServerError.code, now: { watch.now() },
            limiter: RequestLimiter(limits.health))
        return few(access, limits, requests, logger, Edge()) { router in
            MetricsController(write: { await watch.write(to: &$0) }, requests: requests)
                .addRoutes(to: router)
            health.addRoutes(to: router)
            LivenessController().addRoutes(to: router)
        }
    }

    /// A listener that answers little, past the same front door.
    private static func few(
        _ access: Access, _ limits: ServerLimits, _ requests: RequestCounts, _ logger: Logger, _ edge: Edge,
        _ add: (Router<ServerContext>) -> Void
    ) -> Router<ServerContext> {
        let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        let known = Router(context: ServerContext.self)
        add(known)
        router.add(
            middleware: FrontDoor(
                gate: Gate(access: access), edge: edge, limits: limits, paths: KnownPaths(of: known),
                requests: requests, logger: logger))
        add(router)
        return router
    }

    private static func add(
        to router: Router<ServerContext>, _ backend: Backend, _ gate: Gate, _ limits: ServerLimits,
        _ places: StreamPlaces, _ requests: RequestCounts, _ logger: Logger, _ edge: Edge
    ) {
        IndexController(backend: backend, base: edge.basePath).addRoutes(to: router)
        HealthController(backend, limiter: RequestLimiter(limits.health)).addRoutes(to: router)
        LivenessController().addRoutes(to: router)
        ReadinessController(backend: backend, gate: gate, certificate: edge.certificate)
            .addRoutes(to: router)
        LinkController(backend: backend).addRoutes(to: router)
        KindsController(backend: backend).addRoutes(to: router)
        ConfigurationController(backend: backend, certificate: edge.certificate).addRoutes(to: router)
        SystemsController(backend: backend, limits: limits).addRoutes(to: router)
        HealthChecksController(backend: backend, limits: limits).addRoutes(to: router)
        NotificationsController(backend: backend, limits: limits).addRoutes(to: router)
        AssignmentsController(backend: backend, limits: limits).addRoutes(to: router)
        ChecksController(backend: backend, limits: limits).addRoutes(to: router)
        GroupsController(backend: backend, limits: limits).addRoutes(to: router)
        RunsController(backend: backend, logger: logger).addRoutes(to: router)
        HistoryController(backend: backend, logger: logger).addRoutes(to: router)
        VitalsController(backend: backend, logger: logger).addRoutes(to: router)
        EpisodesController(backend: backend, logger: logger).addRoutes(to: router)
        TransitionsController(backend: backend, logger: logger).addRoutes(to: router)
        DeliveriesController(backend: backend, logger: logger).addRoutes(to: router)
        ChannelTestController(backend: backend).addRoutes(to: router)
        ChannelsController(backend: backend, limits: limits).addRoutes(to: router)
        PingController(backend: backend).addRoutes(to: router)
        PingsController(backend: backend, logger: logger).addRoutes(to: router)
        StreamController(backend: backend, places: places, limits: limits).addRoutes(to: router)
        MetricsController(backend, requests: requests).addRoutes(to: router)
        OpenAPIController(backend: backend, server: edge.server).addRoutes(to: router)
    }
}
