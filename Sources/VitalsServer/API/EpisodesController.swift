import Hummingbird
import Logging
import VitalsCore
import VitalsEngine

/// `/api/v1/episodes`
struct EpisodesController {
    let backend: Backend
    let logger: Logger

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/api/v1/episodes", use: list)
    }

    /// Newest first.
    @Sendable private func list(_ request: Request, _ context: ServerContext) async throws -> Response {
        let query = try Query(of: request)
        let page = try Page(of: "episodes", query)
        // One more than is shown tells whether more follow.
        let wanted = PastEpisode.Query(
            of: try query.healthCheck(), isOpen: try Self.isOpen(query["open"]),
            after: try Self.place(page), limit: page.limit + 1)
        do {
            let more = try await backend.episodes(wanted)
            let items = more.prefix(page.limit)
            let last = more.count > items.count ? items.last?.place : nil
            return .json(
                page.json(items.map(\.json), next: last.map { "\($0.at.microseconds):\($0.id)" }))
        } catch {
            throw Problem(storeFailed: error, logger)
        }
    }

    private static func isOpen(_ text: String?) throws(Problem) -> Bool? {
        guard let text else { return nil }
        guard let isOpen = Bool(text) else { throw Problem(.badRequest, "`open` is true or false.") }
        return isOpen
    }

    private static func place(_ page: Page) throws(Problem) -> PastEpisode.Place? {
        guard let parts = try page.after(parts: 2) else { return nil }
        guard let at = Int64(parts[0]) else { throw Page.badCursor }
        return PastEpisode.Place(at: Timestamp(microseconds: at), id: EpisodeID(parts[1]))
    }
}
