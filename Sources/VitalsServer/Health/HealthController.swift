import Hummingbird
import VitalsCore
import VitalsEngine

/// `/health`: a word for the whole and one for each component, from memory, for anybody.
struct HealthController {
    let summary: @Sendable () -> HealthSummary
    let version: String
    /// What an unhealthy whole is answered with.
    let unhealthyHTTPStatus: Int
    let now: @Sendable () -> Timestamp
    let limiter: RequestLimiter

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/health", use: get)
    }

    @Sendable private func get(_ request: Request, _ context: ServerContext) throws -> Response {
        try limiter.admit(context.client, at: now())
        let summary = summary()
        let status =
            summary.status == .unhealthy
            ? HTTPResponse.Status(code: unhealthyHTTPStatus) : .ok
        return .json(
            [
                "status": .string(summary.status.rawValue),
                "version": .string(version),
                "time": JSON(now()),
                "details": JSON(
                    members: summary.components.compactMap { component in
                        component.shown.map { (component.name, .string($0.rawValue)) }
                    }),
            ], status: status)
    }
}

extension HealthController {
    init(_ backend: Backend, limiter: RequestLimiter) {
        self.init(
            summary: backend.healthSummary, version: backend.version,
            unhealthyHTTPStatus: backend.unhealthyHTTPStatus, now: backend.now, limiter: limiter)
    }
}
