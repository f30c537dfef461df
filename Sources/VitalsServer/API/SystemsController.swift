import Hummingbird
import VitalsCore
import VitalsEngine

/// `/api/v1/systems`
struct SystemsController {
    let backend: Backend

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/api/v1/systems", use: list)
        router.get("/api/v1/systems/{id}", use: get)
    }

    @Sendable private func list(_ request: Request, _ context: ServerContext) throws -> Response {
        let page = try Page(of: "systems", Query(of: request))
        let more = backend.board.systems(
            after: page.after.map { SystemID($0) }, limit: page.limit + 1, at: backend.now())
        let items = more.prefix(page.limit)
        return .json(
            page.json(items.map(\.json), next: more.count > items.count ? items.last?.system.id.text : nil))
    }

    @Sendable private func get(_ request: Request, _ context: ServerContext) throws -> Response {
        guard
            let system = backend.board.system(
                SystemID(try context.parameters.require("id")), at: backend.now())
        else {
            throw Problem(.notFound, "No system has this id.")
        }
        return .json(system.json)
    }
}
