import Hummingbird
import VitalsCore
import VitalsEngine

/// Where pings are heard, in the words of healthchecks, of Gatus and of Uptime Kuma: their clients need only
/// a new address.
struct PingController {
    let backend: Backend

    func addRoutes(to router: Router<ServerContext>) {
        for method in [HTTPRequest.Method.get, .post] {
            for path in ["/ping/{code}", "/ping/{code}/{part}", "/ping/{code}/{part}/{action}"] {
                router.on(RouterPath(path), method: method, use: healthchecks)
            }
            router.on("/api/push/{token}", method: method, use: kuma)
        }
        router.post("/api/v1/endpoints/{key}/external", use: gatus)
    }

    // MARK: healthchecks

    /// `/ping/<uuid>[/<action>]` or `/ping/<ping key>/<name>[/<action>]`
    @Sendable private func healthchecks(
        _ request: Request, _ context: ServerContext
    ) async throws -> Response {
        let query = try Query(of: request)
        let code = try context.parameters.require("code")
        let part = context.parameters.get("part")
        let action = context.parameters.get("action")
        let found: HeartbeatDirectory.Found
        if let uuid = UUIDText.canonical(code), action == nil {
            found = backend.heartbeats().find(uuid: uuid).map { .one($0) } ?? .none
        } else {
            found = part.map { backend.heartbeats().find(pingKey: code, slug: $0) } ?? .none
        }
        let isByName = UUIDText.canonical(code) == nil
        switch found {
        case .none:
            let why = query["create"] == "1" ? ": heartbeats are configured here, and not made by a ping" : ""
            return Self.plain("not found\(why)", .notFound)
        case .several:
            return Self.plain("ambiguous slug", .conflict)
        case .one(let id):
            return try await hear(id, isByName ? action : part, query["rid"], request, context)
        }
    }

    private func hear(
        _ id: HealthCheckID, _ action: String?, _ run: String?, _ request: Request, _ context: ServerContext
    ) async throws -> Response {
        let ping: Ping
        do throws(Ping.Refusal) {
            ping = try Ping(healthchecks: action, run: run)
        } catch .unknown {
            return Self.plain("not found", .notFound)
        } catch .invalid(let message) {
            return Self.plain(message, .badRequest)
        }
        let buffer = try await request.body.collect(upTo: HeardPing.mostBody)
        let said = String(decoding: buffer.readableBytesView, as: UTF8.self)
        switch await hear(ping, id, .healthchecks, said, request, context) {
        case .recorded: return Self.plain("OK", .ok)
        case .unknown: return Self.plain("not found", .notFound)
        case .notRecorded: return Self.plain(Self.tryAgain, .serviceUnavailable).afterAWhile
        }
    }

    /// As clients of healthchecks look for it: how many bytes of a body are kept.
    private static let bodyLimit = HTTPFields.Element.Name("Ping-Body-Limit")

    private static func plain(_ text: String, _ status: HTTPResponse.Status) -> Response {
        var response = Response.plainText(text, status: status)
        if let bodyLimit { response.headers[bodyLimit] = String(HeardPing.mostBody) }
        response.headers[.accessControlAllowOrigin] = "*"
        return response
    }

    // MARK: Gatus

    @Sendable private func gatus(_ request: Request, _ context: ServerContext) async throws -> Response {
        let query = try Query(of: request)
        let key = try context.parameters.require("key")
        let words = (request.headers[.authorization] ?? "").split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0] == "Bearer" else {
            return .plainText("invalid Authorization header", status: .unauthorized)
        }
        guard let id = backend.heartbeats().find(key: key, token: String(words[1])) else {
            // Gatus tells which keys there are; whoever has no token is not to learn it.
            return .plainText("invalid key or token", status: .unauthorized)
        }
        let ping: Ping
        do throws(Ping.Refusal) {
            ping = try Ping(gatusSuccess: query["success"], duration: query["duration"])
        } catch .unknown {
            return .plainText("not found", status: .notFound)
        } catch .invalid(let message) {
            return .plainText(message, status: .badRequest)
        }
        switch await hear(ping, id, .gatus, query["error"] ?? "", request, context) {
        case .recorded: return .plainText("")
        case .unknown: return .plainText("not found", status: .notFound)
        case .notRecorded: return .plainText(Self.tryAgain, status: .serviceUnavailable).afterAWhile
        }
    }

    // MARK: Uptime Kuma

    @Sendable private func kuma(_ request: Request, _ context: ServerContext) async throws -> Response {
        let query = try Query(of: request)
        let token = try context.parameters.require("token")
        guard case .one(let id) = backend.heartbeats().find(token: token) else { return Self.noMonitor }
        let ping = Ping(kumaStatus: query["status"], ping: query["ping"])
        switch await hear(ping, id, .kuma, query["msg"] ?? "", request, context) {
        case .recorded: return .json(["ok": true])
        case .unknown: return Self.noMonitor
        case .notRecorded:
            return Response.json(["ok": false, "msg": .string(Self.tryAgain)], status: .serviceUnavailable)
                .afterAWhile
        }
    }

    private static var noMonitor: Response {
        .json(["ok": false, "msg": "Monitor not found or not active."], status: .notFound)
    }

    // MARK: All

    private static let tryAgain = "the ping is not in the store so far; send it again"

    private func hear(
        _ ping: Ping, _ id: HealthCheckID, _ dialect: HeardPing.Dialect, _ said: String, _ request: Request,
        _ context: ServerContext
    ) async -> PingReceipt {
        await backend.hear(
            ping, id, dialect,
            PingSender(
                client: context.channel.remoteAddress?.ipAddress ?? "",
                agent: request.headers[.userAgent] ?? ""), said)
    }
}

/// Who pings.
struct PingSender: Sendable {
    let client: String
    let agent: String
}

extension Response {
    fileprivate var afterAWhile: Response {
        var response = self
        response.headers[.retryAfter] = "5"
        return response
    }
}
