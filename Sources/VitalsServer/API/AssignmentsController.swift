import Hummingbird
import VitalsCore
import VitalsEngine

/// `/api/v1/systems/{id}/checks/{check}`: a check on a system.
struct AssignmentsController {
    private static let names: Set = ["enabled", "thresholds"]

    let backend: Backend
    let limits: ServerLimits

    func addRoutes(to router: Router<ServerContext>) {
        router.put("/api/v1/systems/{id}/checks/{check}", use: put)
        router.delete("/api/v1/systems/{id}/checks/{check}", use: remove)
    }

    /// Puts a check on a system, or changes how it is there.
    @Sendable private func put(_ request: Request, _ context: ServerContext) async throws -> Response {
        let (system, check) = try names(context)
        let body = try await Document.read(request, limits)
        if let unknown = body.names.first(where: { !Self.names.contains($0) }) {
            throw StoredShape.invalid(unknown, "is not known here; known: enabled, thresholds")
        }
        let id = HealthCheckID(system: system, check: check)
        let now = backend.now()
        let change = try HealthCheckChange(body, of: id, at: now)
        let switched = try HealthCheckChange(body.with("thresholds", nil), of: id, at: now)
        let versions = EntityTag.expected(by: request)
        try await backend.editing.perform(.check) { stored throws(EditRefusal) in
            guard stored.configuration.systems.contains(where: { $0.id == system }) else { throw .unknown }
            guard let reusable = stored.configuration.checks.first(where: { $0.id == check }) else {
                guard stored.holds(id) else { throw .unknown }
                return try change.apply(to: &stored, system, check, versions: versions)
            }
            let thresholds = body["thresholds"]
            if !reusable.systems.contains(system) || thresholds != nil || versions != nil {
                let key = ResourceKey(.check, check.text)
                try stored.requireStored(key, versions: versions)
                try stored.requireStored(ResourceKey(.system, system.text))
                let before = stored[key]?.body ?? .null
                stored.put(key, Assignments.adding(system.text, thresholds, to: before))
            }
            try switched.apply(to: &stored, system, check, versions: nil)
        }
        guard let view = backend.board.healthCheck(id, at: backend.now()) else {
            throw Problem(EditRefusal.unknown, .check)
        }
        return Response.json(view.json(at: backend.now()))
            .about(ResourceKey(.check, check.text), backend.editing.stored())
    }

    /// Takes a check from a system, with what was chosen of it by hand.
    @Sendable private func remove(_ request: Request, _ context: ServerContext) async throws -> Response {
        let (system, check) = try names(context)
        let versions = EntityTag.expected(by: request)
        try await backend.editing.perform(.check) { stored throws(EditRefusal) in
            let id = HealthCheckID(system: system, check: check)
            guard stored.holds(id) else { throw .unknown }
            let systemKey = ResourceKey(.system, system.text)
            if let reusable = stored.configuration.checks.first(where: { $0.id == check }) {
                let key = ResourceKey(.check, check.text)
                try stored.requireStored(key, versions: versions)
                try stored.requireStored(systemKey)
                guard !reusable.isOnAll else {
                    throw .invalid("The check is on all systems; switch it off on this one.")
                }
                stored.put(
                    key, Assignments.removing(system.text, from: stored[key]?.body ?? .null))
            } else {
                try stored.requireStored(systemKey, versions: versions)
                let body = stored[systemKey]?.body ?? .null
                let left = (body["checks"]?.asItems ?? []).filter { $0["id"]?.asText != check.text }
                stored.put(systemKey, body.with("checks", .array(left)))
            }
            stored.remove(ResourceKey(.override, id.text))
        }
        return Response(status: .noContent)
    }

    private func names(_ context: ServerContext) throws -> (SystemID, CheckID) {
        (
            SystemID(try context.parameters.require("id")),
            CheckID(try context.parameters.require("check"))
        )
    }
}

extension StoredConfiguration {
    /// Whether there is a health check of this id.
    fileprivate func holds(_ id: HealthCheckID) -> Bool {
        configuration.healthChecks.contains { $0.healthCheck.id == id }
    }
}
