import Hummingbird
import VitalsCore
import VitalsEngine

/// `/api/v1/channels`
struct ChannelsController {
    let backend: Backend
    let limits: ServerLimits

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/api/v1/channels", use: list)
        router.post("/api/v1/channels", use: create)
        router.get("/api/v1/channels/{id}", use: get)
        router.put("/api/v1/channels/{id}", use: replace)
        router.patch("/api/v1/channels/{id}", use: change)
        router.delete("/api/v1/channels/{id}", use: remove)
    }

    @Sendable private func list(_ request: Request, _ context: ServerContext) throws -> Response {
        let page = try Page(of: "channels", Query(of: request))
        let stored = backend.editing.stored()
        let more = stored.configuration.channels.filter { channel in
            page.after.map { channel.settings.id.text > $0 } ?? true
        }.sorted { $0.settings.id.text < $1.settings.id.text }
        let items = more.prefix(page.limit)
        return .json(
            page.json(
                items.map { json($0, stored) },
                next: more.count > items.count ? items.last?.settings.id.text : nil))
    }

    @Sendable private func get(_ request: Request, _ context: ServerContext) throws -> Response {
        try answer(try context.parameters.require("id"))
    }

    @Sendable private func create(_ request: Request, _ context: ServerContext) async throws -> Response {
        let body = try StoredShape.channel(try await Document.read(request, limits))
        let id = try StoredShape.id(of: body, orLike: nil)
        let key = ResourceKey(.channel, id)
        try await backend.editing.perform(.channel) { stored throws(EditRefusal) in
            try stored.requireFree(key)
            stored.put(key, body)
        }
        return try answer(id, status: .created)
    }

    @Sendable private func replace(_ request: Request, _ context: ServerContext) async throws -> Response {
        let id = try context.parameters.require("id")
        let body = try StoredShape.channel(try await Document.read(request, limits)).naming(id)
        let key = ResourceKey(.channel, id)
        let versions = EntityTag.expected(by: request)
        let forms = backend.editing.channelForms
        try await backend.editing.perform(.channel) { stored throws(EditRefusal) in
            try stored.requireStored(key, versions: versions)
            stored.put(key, try KeptSecrets.channel(body, before: stored[key]?.body ?? .null, forms))
            // What is said here anew was not chosen before.
            if body["enabled"] != nil { stored.remove(.choice(of: ChannelID(id))) }
        }
        return try answer(id)
    }

    /// Switched off or on, whoever wrote it.
    @Sendable private func change(_ request: Request, _ context: ServerContext) async throws -> Response {
        let id = try context.parameters.require("id")
        let body = try await Document.read(request, limits)
        if let unknown = body.names.first(where: { $0 != "enabled" }) {
            throw StoredShape.invalid(unknown, "is not known here; known: enabled")
        }
        let flag = body["enabled"]
        if let flag, flag != .bool(true), flag != .bool(false) {
            throw StoredShape.invalid("enabled", "is true or false")
        }
        let versions = EntityTag.expected(by: request)
        let key = ResourceKey(.channel, id)
        try await backend.editing.perform(.channel) { stored throws(EditRefusal) in
            guard stored.configuration.origins[key] != nil else { throw .unknown }
            if versions != nil { try stored.requireStored(key, versions: versions) }
            if let flag {
                stored.override(ResourceKey.choice(of: ChannelID(id)).id, [("enabled", flag)])
            }
        }
        return try answer(id)
    }

    /// With what binds stored systems to it; a file that names it keeps it.
    @Sendable private func remove(_ request: Request, _ context: ServerContext) async throws -> Response {
        let key = ResourceKey(.channel, try context.parameters.require("id"))
        let versions = EntityTag.expected(by: request)
        try await backend.editing.perform(.channel) { stored throws(EditRefusal) in
            try stored.requireStored(key, versions: versions)
            stored.remove(key)
            stored.remove(.choice(of: ChannelID(key.id)))
            for (other, item) in stored.items {
                if let choice = NotificationChoice(stored: item.body), other.kind == .override {
                    let left = choice.forgetting(ChannelID(key.id))
                    if left != choice { stored.override(other.id, left.members) }
                }
                guard [.system, .check].contains(other.kind) else { continue }
                let unbound = StoredShape.bound(item.body, without: key.id)
                if unbound != item.body { stored.put(other, unbound) }
            }
        }
        return Response(status: .noContent)
    }

    private func answer(_ id: String, status: HTTPResponse.Status = .ok) throws(Problem) -> Response {
        let stored = backend.editing.stored()
        guard let channel = stored.configuration.channels.first(where: { $0.settings.id.text == id }) else {
            throw Problem(EditRefusal.unknown, .channel)
        }
        return Response.json(json(channel, stored), status: status)
            .about(ResourceKey(.channel, id), stored)
    }

    /// Of its settings only those that are no secret anywhere: what it is, and which secrets it has.
    private func json(_ channel: ConfiguredChannel, _ stored: StoredConfiguration) -> JSON {
        let key = ResourceKey(.channel, channel.settings.id.text)
        let form = backend.editing.channelForms.first { $0.kind == channel.channel.kind }
        let body = stored[key]?.body
        let secrets = form.flatMap { form in body.map { KeptSecrets.set($0, form) } }
        return [
            "id": .string(channel.settings.id.text),
            "kind": .string(channel.channel.kind),
            "default": .bool(channel.settings.isDefault),
            "enabled": .bool(channel.settings.isEnabled),
            "cooldown_seconds": JSON(seconds: channel.settings.cooldown),
            "secrets": secrets.map { JSON(members: $0.map { ($0.name, .bool($0.isSet)) }) } ?? .null,
            "managed_by": stored.configuration.manager(of: key),
        ]
    }
}

extension Configuration {
    /// `{"file": name}`, `{"environment": name}`, or null for what is stored.
    func manager(of key: ResourceKey) -> JSON {
        switch origins[key] {
        case .file(let name): ["file": .string(name)]
        case .environment(let name): ["environment": .string(name)]
        case .store, nil: .null
        }
    }
}

extension JSON {
    /// A body that a path with this id names.
    func naming(_ id: String) throws(Problem) -> JSON {
        guard self["id"] == nil || self["id"]?.asText == id else {
            throw StoredShape.invalid("id", "is another than the path's, and cannot be changed")
        }
        return with("id", .string(id))
    }
}

extension Response {
    /// With the version of what is stored, and with its place when it is new.
    func about(_ key: ResourceKey, _ stored: StoredConfiguration) -> Response {
        var response = self
        if let version = stored[key]?.version { response.headers[.eTag] = EntityTag.text(version) }
        if status == .created { response.headers[.location] = "/api/v1/\(key.kind.rawValue)s/\(key.id)" }
        return response
    }
}
