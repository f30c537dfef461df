import Hummingbird
import VitalsCore
import VitalsEngine

/// `/`: where everything is.
struct IndexController {
    let backend: Backend
    /// What every path begins with.
    let base: String

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/", use: get)
    }

    @Sendable private func get(_ request: Request, _ context: ServerContext) -> Response {
        .json([
            "name": "vitals",
            "version": .string(backend.version),
            "systems": .string("\(base)/api/v1/systems"),
            "groups": .string("\(base)/api/v1/groups"),
            "checks": .string("\(base)/api/v1/checks"),
            "channels": .string("\(base)/api/v1/channels"),
            "health_checks": .string("\(base)/api/v1/health-checks"),
            "deliveries": .string("\(base)/api/v1/deliveries"),
            "stream": .string("\(base)/api/v1/stream"),
            "description": .string("\(base)/api/v1/openapi.json"),
            "health": .string("\(base)/health"),
            "live": .string("\(base)/livez"),
            "ready": .string("\(base)/readyz"),
            "metrics": .string("\(base)/metrics"),
        ])
    }
}
