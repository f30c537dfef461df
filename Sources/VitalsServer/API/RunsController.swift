import Hummingbird
import Logging
import VitalsCore
import VitalsEngine

/// The runs of a health check: those that were made, and one more on demand.
struct RunsController {
    let backend: Backend
    let logger: Logger

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/api/v1/health-checks/{id}/runs", use: list)
        router.post("/api/v1/health-checks/{id}/run", use: run)
    }

    /// Newest first, runs mixed with misses.
    @Sendable private func list(_ request: Request, _ context: ServerContext) async throws -> Response {
        let page = try Page(of: "runs", Query(of: request))
        let before = try page.after(as: Int64.self).map { Timestamp(microseconds: $0) }
        let id = try backend.board.known(context, at: backend.now()).healthCheck.id
        do {
            let items = try await backend.history(id, before, page.limit)
            var next: String?
            if items.count == page.limit, let last = items.last,
                try await !backend.history(id, last.at, 1).isEmpty
            {
                next = String(last.at.microseconds)
            }
            return .json(page.json(items.map(\.json), next: next))
        } catch {
            throw Problem(storeFailed: error, logger)
        }
    }

    @Sendable private func run(_ request: Request, _ context: ServerContext) async throws -> Response {
        let id = HealthCheckID(try context.parameters.require("id"))
        return try Self.answer(await backend.run(id), at: backend.now())
    }

    /// 200 whatever the run found: the request succeeded.
    static func answer(_ outcome: ManualRun, at now: Timestamp) throws(Problem) -> Response {
        switch outcome {
        case .done(let run, let view):
            return .json(["run": run.json, "health_check": view.json(at: now)])
        case .cooldown(let retryAfter):
            let seconds = max(1, (retryAfter.microseconds + 999_999) / 1_000_000)
            throw Problem(
                .cooldown, "This health check was run on demand a short while ago.",
                retryAfterSeconds: seconds)
        case .unknownHealthCheck:
            throw Problem(.notFound, "No health check has this id.")
        case .stopping:
            throw Problem(.stopping, "The server is stopping.")
        case .notRecorded:
            throw Problem(.notRecorded, "The run could not be recorded.")
        }
    }
}

extension Problem {
    /// The store did not answer: the log tells why, the asker is only told that.
    init(storeFailed error: any Error, _ logger: Logger) {
        logger.warning("reading the store failed", metadata: ["error": "\(error)"])
        self.init(.storeUnavailable, "The store cannot be read at the moment.")
    }
}
