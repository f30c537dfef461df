import Hummingbird
import VitalsCore
import VitalsEngine

/// `/api/v1/health-checks`
struct HealthChecksController {
    let node: Node

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/api/v1/health-checks", use: list)
        router.get("/api/v1/health-checks/{id}", use: get)
    }

    @Sendable private func list(_ request: Request, _ context: ServerContext) throws -> Response {
        let page = try Page(of: "health-checks", Query(of: request))
        let more = node.board.healthChecks(after: page.after.map { HealthCheckID($0) }, limit: page.limit + 1)
        let items = more.prefix(page.limit)
        let now = node.now()
        return .json(
            page.json(
                items.map { $0.json(at: now) },
                next: more.count > items.count ? items.last?.healthCheck.id.text : nil))
    }

    @Sendable private func get(_ request: Request, _ context: ServerContext) throws -> Response {
        try .json(node.board.known(context).json(at: node.now()))
    }
}

extension Board {
    /// The health check that the path names, or `not_found`.
    func known(_ context: ServerContext) throws -> HealthCheckView {
        guard let view = healthCheck(HealthCheckID(try context.parameters.require("id"))) else {
            throw Problem(.notFound, "No health check has this id.")
        }
        return view
    }
}
