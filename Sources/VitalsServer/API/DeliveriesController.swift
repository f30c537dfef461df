import Hummingbird
import Logging
import VitalsCore
import VitalsEngine

/// `/api/v1/deliveries`, and what is told by them.
struct DeliveriesController {
    let backend: Backend
    let logger: Logger

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/api/v1/deliveries", use: list)
        router.post("/api/v1/notifications/{id}/retry", use: retry)
    }

    @Sendable private func retry(_ request: Request, _ context: ServerContext) async throws -> Response {
        let id = NotificationID(try context.parameters.require("id"))
        do {
            return try Self.answer(await backend.retry(id), id)
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(storeFailed: error, logger)
        }
    }

    private static func answer(_ outcome: ManualRetry, _ id: NotificationID) throws(Problem) -> Response {
        switch outcome {
        case .due:
            return .json(["status": "due", "notification": .string(id.text)])
        case .unknownNotification:
            throw Problem(.notFound, "No notification has this id.")
        case .alreadyDelivered:
            throw Problem(.alreadyDelivered, "It was delivered already.")
        case .withdrawn:
            throw Problem(.withdrawn, "It was withdrawn before it was sent.")
        case .channelGone:
            throw Problem(.channelGone, "Its channel is not configured any more, or switched off.")
        case .overtaken:
            throw Problem(
                .overtaken, "It is not the last word to its channel: something else is before or after it.")
        case .stopping:
            throw Problem(.stopping, "The server is stopping.")
        case .notRecorded:
            throw Problem(.notRecorded, "The retry could not be recorded.")
        }
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
