import Hummingbird
import VitalsCore
import VitalsEngine

/// `/health`: a word for the whole and one for each component, from memory, for anybody.
struct HealthController {
    let backend: Backend
    let limiter: RequestLimiter

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/health", use: get)
    }

    @Sendable private func get(_ request: Request, _ context: ServerContext) throws -> Response {
        try limiter.admit(context.client, at: backend.now())
        let summary = backend.healthSummary()
        let status =
            summary.status == .unhealthy
            ? HTTPResponse.Status(code: backend.unhealthyHTTPStatus) : .ok
        return .json(
            [
                "status": .string(summary.status.rawValue),
                "version": .string(backend.version),
                "time": JSON(backend.now()),
                "details": JSON(
                    members: summary.components.compactMap { component in
                        component.shown.map { (component.name, .string($0.rawValue)) }
                    }),
            ], status: status)
    }
}
