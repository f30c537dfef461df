import Hummingbird
import VitalsEngine

/// `/api/v1/openapi.json`
struct OpenAPIController {
    private let text: String

    init(backend: Backend) {
        text = OpenAPIDocument.text(version: backend.version)
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
