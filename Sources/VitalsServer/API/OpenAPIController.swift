import Hummingbird
import VitalsEngine

/// `/api/v1/openapi.json`
struct OpenAPIController {
    private let text: String

    /// - Parameter server: what the paths are appended to.
    init(backend: Backend, server: String) {
        text = OpenAPIDocument.text(version: backend.version, server: server)
    }

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/api/v1/openapi.json", use: get)
    }

    @Sendable private func get(_ request: Request, _ context: ServerContext) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: .text(text))
    }
}
