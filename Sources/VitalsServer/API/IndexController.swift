import Hummingbird
import VitalsCore
import VitalsEngine

/// `/`: where everything is.
struct IndexController {
    let backend: Backend

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/", use: get)
    }

    @Sendable private func get(_ request: Request, _ context: ServerContext) -> Response {
        .json([
            "name": "vitals",
            "version": .string(backend.version),
            "systems": "/api/v1/systems",
            "groups": "/api/v1/groups",
            "checks": "/api/v1/checks",
            "channels": "/api/v1/channels",
            "health_checks": "/api/v1/health-checks",
            "deliveries": "/api/v1/deliveries",
            "stream": "/api/v1/stream",
            "description": "/api/v1/openapi.json",
            "health": "/health",
            "live": "/livez",
            "ready": "/readyz",
            "metrics": "/metrics",
        ])
    }
}
