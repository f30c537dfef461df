import Hummingbird
import VitalsCore
import VitalsEngine

/// `/api/v1/systems`
struct SystemsController {
    let backend: Backend
    let limits: ServerLimits

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/api/v1/systems", use: list)
        router.post("/api/v1/systems", use: create)
        router.get("/api/v1/systems/{id}", use: get)
        router.put("/api/v1/systems/{id}", use: replace)
        router.delete("/api/v1/systems/{id}", use: remove)
    }

    @Sendable private func list(_ request: Request, _ context: ServerContext) throws -> Response {
        let page = try Page(of: "systems", Query(of: request))
        let more = backend.board.systems(
            after: page.after.map { SystemID($0) }, limit: page.limit + 1, at: backend.now())
        let items = more.prefix(page.limit)
        let configuration = backend.editing.stored().configuration
        return .json(
            page.json(
                items.map { Self.json($0, configuration) },
                next: more.count > items.count ? items.last?.system.id.text : nil))
    }

    @Sendable private func get(_ request: Request, _ context: ServerContext) throws -> Response {
        try answer(try context.parameters.require("id"))
    }

    @Sendable private func create(_ request: Request, _ context: ServerContext) async throws -> Response {
        let body = try StoredShape.system(try await Document.read(request, limits), backend.editing.forms)
        let id = try StoredShape.id(of: body, orLike: body["name"]?.asText)
        let key = ResourceKey(.system, id)
        try await backend.editing.perform(.system) { stored throws(EditRefusal) in
            try stored.claim(key)
            stored.put(key, body.with("id", .string(id)))
        }
        return try answer(id, status: .created)
    }

    @Sendable private func replace(_ request: Request, _ context: ServerContext) async throws -> Response {
        let id = try context.parameters.require("id")
        let forms = backend.editing.forms
        let body = try StoredShape.system(try await Document.read(request, limits), forms).naming(id)
        let key = ResourceKey(.system, id)
        let versions = EntityTag.expected(by: request)
        try await backend.editing.perform(.system) { stored throws(EditRefusal) in
            let before = try stored.take(key, body, versions: versions)
            stored.put(key, try KeptSecrets.system(body, before: before, forms))
        }
        return try answer(id)
    }

    /// With its health checks, and what was switched of them by hand.
    @Sendable private func remove(_ request: Request, _ context: ServerContext) async throws -> Response {
        let id = try context.parameters.require("id")
        let key = ResourceKey(.system, id)
        let versions = EntityTag.expected(by: request)
        try await backend.editing.perform(.system) { stored throws(EditRefusal) in
            try stored.requireStored(key, versions: versions)
            stored.remove(key)
            stored.changeChecks { Assignments.removing(id, from: $0) }
            for other in stored.items.keys where other.kind == .override && other.id.hasPrefix("\(id).") {
                stored.remove(other)
            }
        }
        return Response(status: .noContent)
    }

    private func answer(_ id: String, status: HTTPResponse.Status = .ok) throws(Problem) -> Response {
        guard let system = backend.board.system(SystemID(id), at: backend.now()) else {
            throw Problem(EditRefusal.unknown, .system)
        }
        let stored = backend.editing.stored()
        return Response.json(Self.json(system, stored.configuration), status: status)
            .about(ResourceKey(.system, id), stored)
    }

    private static func json(_ system: SystemView, _ configuration: Configuration) -> JSON {
        let key = ResourceKey(.system, system.system.id.text)
        return system.json.with("managed_by", configuration.manager(of: key))
    }
}
