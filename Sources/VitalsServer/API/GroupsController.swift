import Hummingbird
import VitalsCore
import VitalsEngine

/// `/api/v1/groups`: those that somebody described, and those that systems name.
struct GroupsController {
    let backend: Backend
    let limits: ServerLimits

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/api/v1/groups", use: list)
        router.post("/api/v1/groups", use: create)
        router.get("/api/v1/groups/{id}", use: get)
        router.put("/api/v1/groups/{id}", use: replace)
        router.delete("/api/v1/groups/{id}", use: remove)
    }

    @Sendable private func list(_ request: Request, _ context: ServerContext) throws -> Response {
        let page = try Page(of: "groups", Query(of: request))
        let stored = backend.editing.stored()
        let more = all(stored).filter { group in page.after.map { group.group.id > $0 } ?? true }
        let items = more.prefix(page.limit)
        return .json(
            page.json(
                items.map { json($0, stored) },
                next: more.count > items.count ? items.last?.group.id : nil))
    }

    @Sendable private func get(_ request: Request, _ context: ServerContext) throws -> Response {
        try answer(try context.parameters.require("id"))
    }

    @Sendable private func create(_ request: Request, _ context: ServerContext) async throws -> Response {
        let body = try await Document.read(request, limits)
        let id = try StoredShape.id(of: body, orLike: body["name"]?.asText)
        let key = ResourceKey(.group, id)
        try await backend.editing.perform(.group) { stored throws(EditRefusal) in
            try stored.requireFree(key)
            stored.put(key, body.with("id", .string(id)))
        }
        return try answer(id, status: .created)
    }

    /// One that only systems name is described by it.
    @Sendable private func replace(_ request: Request, _ context: ServerContext) async throws -> Response {
        let id = try context.parameters.require("id")
        let body = try await Document.read(request, limits).naming(id)
        let key = ResourceKey(.group, id)
        let versions = EntityTag.expected(by: request)
        try await backend.editing.perform(.group) { stored throws(EditRefusal) in
            let isNamed = stored.configuration.systems.contains { $0.groups.contains(id) }
            if stored.configuration.origins[key] != nil || versions != nil || !isNamed {
                try stored.requireStored(key, versions: versions)
            }
            stored.put(key, body)
        }
        return try answer(id)
    }

    /// Systems that name it are in it still.
    @Sendable private func remove(_ request: Request, _ context: ServerContext) async throws -> Response {
        let key = ResourceKey(.group, try context.parameters.require("id"))
        let versions = EntityTag.expected(by: request)
        try await backend.editing.perform(.group) { stored throws(EditRefusal) in
            try stored.requireStored(key, versions: versions)
            stored.remove(key)
        }
        return Response(status: .noContent)
    }

    private func answer(_ id: String, status: HTTPResponse.Status = .ok) throws(Problem) -> Response {
        let stored = backend.editing.stored()
        guard let group = all(stored).first(where: { $0.group.id == id }) else {
            throw Problem(EditRefusal.unknown, .group)
        }
        return Response.json(json(group, stored), status: status).about(ResourceKey(.group, id), stored)
    }

    private struct Member {
        let group: Group
        var systems: [SystemView] = []
        /// Of those that have something to judge them by; others are not counted.
        var parts: [SystemState.Part] = []
    }

    /// By their ids.
    private func all(_ stored: StoredConfiguration) -> [Member] {
        var members = Dictionary(
            uniqueKeysWithValues: stored.configuration.groups.map { ($0.id, Member(group: $0)) })
        let enabled = Set(
            stored.configuration.healthChecks.filter(\.healthCheck.isEnabled).map(\.healthCheck.system))
        for system in backend.board.systems(after: nil, limit: .max, at: backend.now()) {
            let part = SystemState.Part(
                state: system.state.state, isStale: system.state.isStale, isCritical: true,
                since: system.state.since)
            for id in system.system.groups {
                members[id, default: Member(group: Group(id: id))].systems.append(system)
                if enabled.contains(system.system.id) { members[id]?.parts.append(part) }
            }
        }
        return members.values.sorted { $0.group.id < $1.group.id }
    }

    private func json(_ member: Member, _ stored: StoredConfiguration) -> JSON {
        let state = SystemState(of: member.parts)
        return [
            "id": .string(member.group.id), "name": .string(member.group.name),
            "description": .string(member.group.description),
            "systems": .array(member.systems.map { .string($0.system.id.text) }),
            "state": .string(state.state.rawValue), "stale": .bool(state.isStale),
            "since": JSON(state.since),
            "managed_by": stored.configuration.manager(of: ResourceKey(.group, member.group.id)),
        ]
    }
}
