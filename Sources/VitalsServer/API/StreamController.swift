import Hummingbird
import VitalsCore
import VitalsEngine

/// `/api/v1/stream`: what happens, as it happens, as server-sent events.
struct StreamController {
    private static let types: Set = ["transition", "delivery"]

    let backend: Backend
    let places: StreamPlaces
    let limits: ServerLimits

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/api/v1/stream", use: stream)
    }

    @Sendable private func stream(_ request: Request, _ context: ServerContext) throws -> Response {
        let query = try Query(of: request)
        let filter = try filter(query)
        guard let place = places.take() else {
            throw Problem(.tooManyStreams, "Too many streams are open.", retryAfterSeconds: 60)
        }
        // Listening begins before the answer does, so that whoever has the answer misses nothing.
        let stream = EventStream(
            boot: backend.boot, backend.hub, filter, resuming: lastEventID(request, query),
            heartbeat: limits.heartbeat,
            patience: limits.patience, hangUp: context.hangUp)
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream"],
            body: ResponseBody { writer in
                defer { place.leave() }
                try await stream.run(&writer)
            })
    }

    private func filter(_ query: Query) throws(Problem) -> SignalHub.Filter {
        let types = query["types"].map { Set($0.split(separator: ",").map(String.init)) } ?? Self.types
        guard !types.isEmpty, types.isSubset(of: Self.types) else {
            throw Problem(.badTypes, "The types are transition and delivery, separated by commas.")
        }
        let healthCheck = query["health_check"].map { HealthCheckID($0) }
        if let healthCheck, backend.board.healthCheck(healthCheck, at: backend.now()) == nil {
            throw Problem(.notFound, "No health check has this id.")
        }
        return SignalHub.Filter(types: types, healthCheck: healthCheck)
    }

    /// A browser sends the header by itself when it connects again; the parameter is for whoever cannot.
    private func lastEventID(_ request: Request, _ query: Query) -> String? {
        request.headers.first { $0.name.canonicalName == "last-event-id" }?.value ?? query["last_event_id"]
    }
}
