import Hummingbird
import Logging
import VitalsEngine

/// `/api/v1/deliveries`
struct DeliveriesController {
    let backend: Backend
    let logger: Logger

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/api/v1/deliveries", use: list)
    }

    @Sendable private func list(_ request: Request, _ context: ServerContext) async throws -> Response {
        let page = try Page(of: "deliveries", Query(of: request))
        let after = try page.after(as: Int64.self) ?? 0
        do {
            let items = try await backend.deliveries(after, page.limit)
            var next: String?
            if items.count == page.limit, let last = items.last,
                try await !backend.deliveries(last.id, 1).isEmpty
            {
                next = String(last.id)
            }
            return .json(page.json(items.map(\.json), next: next))
        } catch {
            throw Problem(storeFailed: error, logger)
        }
    }
}
