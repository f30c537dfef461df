import Hummingbird
import VitalsCore
import VitalsEngine

/// `/api/v1/checks`: checks that stand by themselves, of files and of the store.
struct ChecksController {
    let backend: Backend
    let limits: ServerLimits

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/api/v1/checks", use: list)
        router.post("/api/v1/checks", use: create)
        router.get("/api/v1/checks/{id}", use: get)
        router.put("/api/v1/checks/{id}", use: replace)
        router.delete("/api/v1/checks/{id}", use: remove)
        router.post("/api/v1/checks/{id}/pause", use: pause)
        router.post("/api/v1/checks/{id}/resume", use: resume)
    }

    @Sendable private func list(_ request: Request, _ context: ServerContext) throws -> Response {
        let page = try Page(of: "checks", Query(of: request))
        let stored = backend.editing.stored()
        let more = stored.configuration.checks.filter { check in
            page.after.map { check.id.text > $0 } ?? true
        }.sorted { $0.id < $1.id }
        let items = more.prefix(page.limit)
        return .json(
            page.json(
                items.map { Self.json($0, stored) },
                next: more.count > items.count ? items.last?.id.text : nil))
    }

    @Sendable private func get(_ request: Request, _ context: ServerContext) throws -> Response {
        try answer(try context.parameters.require("id"))
    }

    @Sendable private func create(_ request: Request, _ context: ServerContext) async throws -> Response {
        let body = try StoredShape.check(try await Document.read(request, limits))
        let id = try StoredShape.id(of: body, orLike: nil)
        let key = ResourceKey(.check, id)
        try await backend.editing.perform(.check) { stored throws(EditRefusal) in
            try stored.claim(key)
            try stored.requireStoredSystems(Assignments.named(by: body))
            stored.put(key, body)
        }
        return try answer(id, status: .created)
    }

    @Sendable private func replace(_ request: Request, _ context: ServerContext) async throws -> Response {
        let id = try context.parameters.require("id")
        let body = try StoredShape.check(try await Document.read(request, limits)).naming(id)
        let key = ResourceKey(.check, id)
        let versions = EntityTag.expected(by: request)
        let forms = backend.editing.forms
        try await backend.editing.perform(.check) { stored throws(EditRefusal) in
            let before = try stored.take(key, body, versions: versions)
            try stored.requireStoredSystems(
                Assignments.named(by: body), before: Assignments.named(by: before))
            stored.put(key, try KeptSecrets.check(body, before: before, forms))
        }
        return try answer(id)
    }

    /// With its health checks, and what was chosen of them by hand.
    @Sendable private func remove(_ request: Request, _ context: ServerContext) async throws -> Response {
        let id = try context.parameters.require("id")
        let key = ResourceKey(.check, id)
        let versions = EntityTag.expected(by: request)
        try await backend.editing.perform(.check) { stored throws(EditRefusal) in
            try stored.requireStored(key, versions: versions)
            stored.remove(key)
            let check = stored.configuration.checks.first { $0.id.text == id }
            for name in [id] + (check?.healthChecks.map(\.text) ?? []) {
                stored.remove(ResourceKey(.override, name))
            }
        }
        return Response(status: .noContent)
    }

    @Sendable private func pause(_ request: Request, _ context: ServerContext) async throws -> Response {
        try await set(isPaused: true, try context.parameters.require("id"))
    }

    @Sendable private func resume(_ request: Request, _ context: ServerContext) async throws -> Response {
        try await set(isPaused: false, try context.parameters.require("id"))
    }

    /// Allowed whoever wrote the check down: it is kept apart from that.
    private func set(isPaused: Bool, _ id: String) async throws -> Response {
        try await backend.editing.perform(.check) { stored throws(EditRefusal) in
            guard stored.configuration.checks.contains(where: { $0.id.text == id }) else { throw .unknown }
            stored.override(id, [("paused", .bool(isPaused))])
        }
        return try answer(id)
    }

    private func answer(_ id: String, status: HTTPResponse.Status = .ok) throws(Problem) -> Response {
        let stored = backend.editing.stored()
        guard let check = stored.configuration.checks.first(where: { $0.id.text == id }) else {
            throw Problem(EditRefusal.unknown, .check)
        }
        return Response.json(Self.json(check, stored), status: status)
            .about(ResourceKey(.check, id), stored)
    }

    /// Of its settings only what is no secret anywhere; the rest is seen at its health checks.
    private static func json(_ check: ReusableCheck, _ stored: StoredConfiguration) -> JSON {
        [
            "id": .string(check.id.text), "kind": .string(check.kind.name),
            "all_systems": .bool(check.isOnAll),
            "systems": .array(check.systems.map { .string($0.text) }),
            "health_checks": .array(check.healthChecks.map { .string($0.text) }),
            "paused": .bool(check.isPaused),
            "managed_by": stored.configuration.manager(of: ResourceKey(.check, check.id.text)),
        ]
    }
}
