import Hummingbird
import Logging
import VitalsEngine

/// All that this server answers, in one place.
enum Routes {
    static func router(
        _ node: Node, _ access: Access, _ limits: ServerLimits, _ places: StreamPlaces, _ logger: Logger
    ) -> Router<ServerContext> {
        let gate = Gate(access: access)
        let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        // Middleware is bound to a route when that is added, but has to know all routes: hence two passes.
        let known = Router(context: ServerContext.self)
        add(to: known, node, gate, limits, places, logger)
        router.add(
            middleware: FrontDoor(
                gate: gate, limits: limits, paths: KnownPaths(of: known), logger: logger))
        add(to: router, node, gate, limits, places, logger)
        return router
    }

    private static func add(
        to router: Router<ServerContext>, _ node: Node, _ gate: Gate, _ limits: ServerLimits,
        _ places: StreamPlaces, _ logger: Logger
    ) {
        IndexController(node: node).addRoutes(to: router)
        HealthController(node: node).addRoutes(to: router)
        ReadinessController(node: node, gate: gate).addRoutes(to: router)
        SystemsController(node: node).addRoutes(to: router)
        HealthChecksController(node: node).addRoutes(to: router)
        RunsController(node: node, logger: logger).addRoutes(to: router)
        DeliveriesController(node: node, logger: logger).addRoutes(to: router)
        StreamController(node: node, places: places, heartbeat: limits.heartbeat).addRoutes(to: router)
        OpenAPIController(node: node).addRoutes(to: router)
    }
}
