import Hummingbird
import Logging
import VitalsCore
import VitalsEngine

/// `/api/v1/transitions`
struct TransitionsController {
    let backend: Backend
    let logger: Logger

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/api/v1/transitions", use: list)
    }

    /// Newest first.
    @Sendable private func list(_ request: Request, _ context: ServerContext) async throws -> Response {
        let query = try Query(of: request)
        let page = try Page(of: "transitions", query)
        // One more than is shown tells whether more follow.
        let wanted = PastTransition.Query(
            of: try query.healthCheck(), after: try Self.place(page),
            limit: page.limit + 1)
        do {
            let more = try await backend.transitions(wanted)
            let items = more.prefix(page.limit)
            let last = more.count > items.count ? items.last?.place : nil
            return .json(
                page.json(
                    items.map(\.json),
                    next: last.map { "\($0.at.microseconds):\($0.healthCheck):\($0.to.rawValue)" }))
        } catch {
            throw Problem(storeFailed: error, logger)
        }
    }

    private static func place(_ page: Page) throws(Problem) -> PastTransition.Place? {
        guard let parts = try page.after(parts: 3) else { return nil }
        guard let at = Int64(parts[0]), let state = State(rawValue: parts[2]) else { throw Page.badCursor }
        return PastTransition.Place(
            at: Timestamp(microseconds: at), healthCheck: HealthCheckID(parts[1]), to: state)
    }
}
