import Hummingbird
import VitalsCore
import VitalsEngine

/// `/health-checks/{id}`: where messages link to. It stays, whatever there is to be seen there.
struct LinkController {
    let backend: Backend

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/health-checks/{id}", use: get)
    }

    @Sendable private func get(_ request: Request, _ context: ServerContext) throws -> Response {
        let id = try backend.board.known(context, at: backend.now()).healthCheck.id
        return Response(status: .seeOther, headers: [.location: "/api/v1/health-checks/\(id)"])
    }
}
