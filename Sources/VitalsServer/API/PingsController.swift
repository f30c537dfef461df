import Hummingbird
import Logging
import VitalsCore
import VitalsEngine

/// `/api/v1/health-checks/{id}/pings`: what a heartbeat was heard to say.
struct PingsController {
    let backend: Backend
    let logger: Logger

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/api/v1/health-checks/{id}/pings", use: list)
    }

    /// Newest first.
    @Sendable private func list(_ request: Request, _ context: ServerContext) async throws -> Response {
        let page = try Page(of: "pings", Query(of: request))
        let before = try page.after(as: Int64.self).map { Timestamp(microseconds: $0) }
        let id = try backend.board.known(context, at: backend.now()).healthCheck.id
        do {
            let items = try await backend.pings(id, before, page.limit)
            var next: String?
            if items.count == page.limit, let last = items.last,
                try await !backend.pings(id, last.at, 1).isEmpty
            {
                next = String(last.at.microseconds)
            }
            return .json(page.json(items.map(\.json), next: next))
        } catch {
            throw Problem(storeFailed: error, logger)
        }
    }
}
