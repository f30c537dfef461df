import Hummingbird
import Logging
import VitalsCore
import VitalsEngine

/// `/api/v1/health-checks/{id}/history`: a stretch of its time in points, and its uptime.
struct HistoryController {
    let backend: Backend
    let logger: Logger

    static let defaultPoints = 96
    private static let defaultLength: Duration = .seconds(86_400)
    /// Ten years.
    private static let longest: Duration = .seconds(3_653 * 86_400)

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/api/v1/health-checks/{id}/history", use: get)
    }

    @Sendable private func get(_ request: Request, _ context: ServerContext) async throws -> Response {
        let query = try Query(of: request)
        let count = try Self.count(query["points"])
        let range = try Self.range(query["from"], query["to"], at: backend.now())
        let id = try backend.board.known(context, at: backend.now()).healthCheck.id
        do {
            let points = try await backend.points(id, range, count)
            return .json(points.json(uptime: try await backend.uptime(id)))
        } catch {
            throw Problem(storeFailed: error, logger)
        }
    }

    /// How many points are asked for.
    static func count(_ text: String?) throws(Problem) -> Int {
        guard let text else { return defaultPoints }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(text),
            (1...HistoryPoints.most).contains(count)
        else { throw Problem(.badPoints, "`points` is a whole number from 1 to \(HistoryPoints.most).") }
        return count
    }

    /// What lies ahead of `now` is left out.
    static func range(
        _ from: String?, _ to: String?, at now: Timestamp
    ) throws(Problem) -> Range<Timestamp> {
        let end = min(try instant(to, "to") ?? now, now)
        let begin = try instant(from, "from") ?? end - defaultLength
        guard begin < end else {
            throw Problem(.badRange, "`from` must lie before `to` and before the present.")
        }
        guard end - begin <= longest else {
            throw Problem(.badRange, "From `from` to `to` it may be ten years at most.")
        }
        return begin..<end
    }

    private static func instant(_ text: String?, _ name: String) throws(Problem) -> Timestamp? {
        guard let text else { return nil }
        guard let instant = Timestamp(iso8601: text) else {
            throw Problem(.badRange, "`\(name)` is an instant as in 2026-11-21T10:00:00Z (RFC 3339).")
        }
        return instant
    }
}
