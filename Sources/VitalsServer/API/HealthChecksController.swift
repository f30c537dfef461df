import Hummingbird
import VitalsCore
import VitalsEngine

/// `/api/v1/health-checks`
struct HealthChecksController {
    let backend: Backend

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/api/v1/health-checks", use: list)
        router.get("/api/v1/health-checks/{id}", use: get)
    }

    @Sendable private func list(_ request: Request, _ context: ServerContext) throws -> Response {
        let page = try Page(of: "health-checks", Query(of: request))
        let more = backend.board.healthChecks(
            after: page.after.map { HealthCheckID($0) }, limit: page.limit + 1, at: backend.now())
        let items = more.prefix(page.limit)
        let now = backend.now()
        return .json(
            page.json(
                items.map { $0.json(at: now) },
                next: more.count > items.count ? items.last?.healthCheck.id.text : nil))
    }

    @Sendable private func get(_ request: Request, _ context: ServerContext) throws -> Response {
        try .json(backend.board.known(context, at: backend.now()).json(at: backend.now()))
    }
}

extension Board {
    /// The health check that the path names, or `not_found`.
    func known(_ context: ServerContext, at now: Timestamp) throws -> HealthCheckView {
        guard let view = healthCheck(HealthCheckID(try context.parameters.require("id")), at: now) else {
            throw Problem(.notFound, "No health check has this id.")
        }
        return view
    }
}
