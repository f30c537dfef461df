import Hummingbird
import Logging
import VitalsCore
import VitalsEngine

/// `/api/v1/health-checks/{id}/vitals/{vital}`: what became of one vital over a stretch of time, in points.
struct VitalsController {
    let backend: Backend
    let logger: Logger

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/api/v1/health-checks/{id}/vitals/{vital}", use: get)
    }

    @Sendable private func get(_ request: Request, _ context: ServerContext) async throws -> Response {
        let query = try Query(of: request)
        let count = try HistoryController.count(query["points"])
        let range = try HistoryController.range(query["from"], query["to"], at: backend.now())
        let view = try backend.board.known(context, at: backend.now())
        let name = try context.parameters.require("vital")
        let rule = view.healthCheck.policy.vitals.first { $0.name == name }
        let latest = view.vitals[name]
        guard rule != nil || latest != nil else {
            throw Problem(.notFound, "There is no such vital here.")
        }
        do {
            let points = try await backend.vitalPoints(view.healthCheck.id, name, range, count)
            let json: JSON = [
                "name": .string(name), "unit": .string(rule?.unit ?? latest?.vital.unit ?? ""),
                "latest": latest?.json ?? .null, "points": .array(points.points.map(\.json)),
            ]
            return .json(json)
        } catch {
            throw Problem(storeFailed: error, logger)
        }
    }
}
