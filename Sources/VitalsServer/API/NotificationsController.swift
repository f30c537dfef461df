import Hummingbird
import VitalsCore
import VitalsEngine

/// `/api/v1/health-checks/{id}/notifications`: which channels are told what of a health check.
struct NotificationsController {
    let backend: Backend
    let limits: ServerLimits

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/api/v1/health-checks/{id}/notifications", use: get)
        router.put("/api/v1/health-checks/{id}/notifications", use: replace)
    }

    @Sendable private func get(_ request: Request, _ context: ServerContext) throws -> Response {
        try answer(HealthCheckID(try context.parameters.require("id")))
    }

    /// All of them at once, or nothing.
    @Sendable private func replace(_ request: Request, _ context: ServerContext) async throws -> Response {
        let id = HealthCheckID(try context.parameters.require("id"))
        let bindings = try NotificationsBody.bindings(try await Document.read(request, limits))
        let versions = EntityTag.expected(by: request)
        try await backend.editing.perform(.override) { stored throws(EditRefusal) in
            guard let entry = stored.configuration.entry(id) else { throw .unknown }
            if let file = entry.notifyingFile { throw .managedByFile(file) }
            let system = ResourceKey(.system, entry.healthCheck.system.text)
            if case .environment(let name) = stored.configuration.origins[system] {
                throw .managedByVariable(name)
            }
            let key = ResourceKey(.override, id.text)
            if let versions, !versions.contains(stored[key]?.version ?? 0) { throw .changedMeanwhile }
            let channels = Set(stored.configuration.channels.map(\.settings.id))
            for (index, binding) in bindings.enumerated() where !channels.contains(binding.channel) {
                throw .invalid("is not a channel", path: "notifications[\(index)].channel")
            }
            let choice = NotificationChoice(
                bindings, without: channels.subtracting(bindings.map(\.channel)))
            stored.override(id.text, choice.members)
        }
        return try answer(id)
    }

    private func answer(_ id: HealthCheckID) throws(Problem) -> Response {
        let stored = backend.editing.stored()
        guard let entry = stored.configuration.entry(id) else {
            throw Problem(.notFound, "No health check has this id.")
        }
        let file = entry.notifyingFile.map { JSON(members: [("file", .string($0))]) }
        var response = Response.json([
            "notifications": .array(entry.healthCheck.bindings.map(\.json)), "managed_by": file ?? .null,
        ])
        if file == nil {
            let version = stored[ResourceKey(.override, id.text)]?.version ?? 0
            response.headers[.eTag] = EntityTag.text(version)
        }
        return response
    }
}

/// What a request says of whom a health check is to notify.
enum NotificationsBody {
    private static let flags = ["on_down", "on_degraded", "on_recovered", "enabled"]

    static func bindings(_ body: JSON) throws(Problem) -> [Binding] {
        guard case .array(let items)? = body["notifications"], body.names == ["notifications"] else {
            throw StoredShape.invalid("notifications", "is needed, and nothing else: a list")
        }
        var bindings: [Binding] = []
        for (index, item) in items.enumerated() {
            let binding = try binding(item, at: "notifications[\(index)]")
            guard !bindings.contains(where: { $0.channel == binding.channel }) else {
                throw StoredShape.invalid("notifications[\(index)].channel", "is named twice")
            }
            bindings.append(binding)
        }
        return bindings
    }

    private static func binding(_ item: JSON, at path: String) throws(Problem) -> Binding {
        guard let channel = item["channel"]?.asText else {
            throw StoredShape.invalid("\(path).channel", "is needed: the id of a channel")
        }
        var values: [String: Bool] = [:]
        for name in item.names where name != "channel" {
            guard flags.contains(name) else {
                let known = (["channel"] + flags).joined(separator: ", ")
                throw StoredShape.invalid("\(path).\(name)", "is not known here; known: \(known)")
            }
            guard case .bool(let flag)? = item[name] else {
                throw StoredShape.invalid("\(path).\(name)", "is true or false")
            }
            values[name] = flag
        }
        let binding = Binding(
            ChannelID(channel), onDown: values["on_down"] ?? true, onDegraded: values["on_degraded"],
            onRecovered: values["on_recovered"] ?? true, isEnabled: values["enabled"] ?? true)
        guard binding.onDown || binding.onDegraded || binding.onRecovered else {
            throw StoredShape.invalid(path, "would be told nothing; leave it out, or switch it off")
        }
        return binding
    }
}

extension Configuration {
    fileprivate func entry(_ id: HealthCheckID) -> ConfiguredHealthCheck? {
        healthChecks.first { $0.healthCheck.id == id }
    }
}
