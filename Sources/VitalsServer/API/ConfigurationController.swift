import Hummingbird
import VitalsCore
import VitalsEngine

/// `/api/v1/configuration`: what is in force, and what became of the last attempt to read it.
struct ConfigurationController {
    let backend: Backend
    var certificate: ServerCertificate?

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/api/v1/configuration", use: get)
    }

    @Sendable private func get(_ request: Request, _ context: ServerContext) -> Response {
        let status = backend.editing.status()
        let configuration = backend.editing.stored().configuration
        let own = configuration.wholeService == nil ? 0 : 1
        let tls = certificate.map(\.status).map { status -> JSON in
            ["expires_at": JSON(status.expiresAt), "problem": JSON(status.problem)]
        }
        var response = Response.json([
            "revision": .string(status.revision),
            "files": .array(status.files.map { .string($0) }),
            "loaded_at": JSON(status.loadedAt),
            "read_at": JSON(status.readAt),
            "problems": .array(status.problems.map(\.json)),
            "warnings": .array(status.warnings.map(\.json)),
            "needs_restart": .array(status.needsRestart.map { .string($0) }),
            // What the whole service is seen by is none of what is watched.
            "systems": .integer(Int64(configuration.systems.count - own)),
            "health_checks": .integer(Int64(configuration.healthChecks.count - own)),
            "channels": .integer(Int64(configuration.channels.count)),
            "tls": tls ?? .null,
        ])
        response.headers[.eTag] = "\"\(status.revision)\""
        return response
    }
}

extension ConfigurationProblem {
    /// Where it is as far as that is known, and what it is.
    fileprivate var json: JSON {
        let (source, position, path): (String?, TextPosition?, String) =
            switch place {
            case .flag(let name), .environment(let name), .file(let name): (name, nil, "")
            case .value(let file, let position, let path): (file, position, path)
            case .stored(let path): (nil, nil, path)
            }
        return [
            "source": JSON(source),
            "line": position.map { .integer(Int64($0.line)) } ?? .null,
            "column": position.map { .integer(Int64($0.column)) } ?? .null,
            "path": .string(path),
            "message": .string(message),
        ]
    }
}
