import Hummingbird
import VitalsCore
import VitalsEngine

/// `/api/v1/probe-kinds` and `/api/v1/channel-kinds`: of what checks and channels can be made.
struct KindsController {
    let backend: Backend

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/api/v1/probe-kinds", use: probes)
        router.get("/api/v1/channel-kinds", use: channels)
    }

    @Sendable private func probes(_ request: Request, _ context: ServerContext) -> Response {
        list(backend.editing.forms.map(\.json))
    }

    @Sendable private func channels(_ request: Request, _ context: ServerContext) -> Response {
        list(backend.editing.channelForms.map(\.json))
    }

    /// There are a few of them: one page is all.
    private func list(_ items: [JSON]) -> Response {
        .json(["items": .array(items), "next_cursor": .null])
    }
}
