import Hummingbird
import VitalsCore
import VitalsEngine

/// `/api/v1/health-checks`
struct HealthChecksController {
    let backend: Backend
    let limits: ServerLimits

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/api/v1/health-checks", use: list)
        router.get("/api/v1/health-checks/{id}", use: get)
        router.patch("/api/v1/health-checks/{id}", use: change)
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
        try answer(backend.board.known(context, at: backend.now()))
    }

    @Sendable private func change(_ request: Request, _ context: ServerContext) async throws -> Response {
        let healthCheck = try backend.board.known(context, at: backend.now()).healthCheck
        let body = try await Document.read(request, limits)
        let change = try HealthCheckChange(body, of: healthCheck.id, at: backend.now())
        let versions = EntityTag.expected(by: request)
        try await backend.editing.perform(.system) { stored throws(EditRefusal) in
            try change.apply(to: &stored, healthCheck.system, healthCheck.check, versions: versions)
        }
        return try answer(backend.board.known(context, at: backend.now()))
    }

    private func answer(_ view: HealthCheckView) -> Response {
        // Only here: whoever is told of a state is not to be able to ping.
        var json = view.json(at: backend.now())
        if case .object(let addresses) = backend.heartbeats().address(of: view.healthCheck.id)?.json {
            json["heartbeat"] = addresses.reduce(json["heartbeat"] ?? [:]) { $0.with($1.name, $1.value) }
        }
        return Response.json(json)
            .about(ResourceKey(.system, view.healthCheck.system.text), backend.editing.stored())
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
