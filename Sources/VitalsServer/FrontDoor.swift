import Hummingbird
import Logging
import NIOCore

/// What every request goes through: who may ask, how much may be sent, and the form of the answer.
struct FrontDoor: RouterMiddleware {
    typealias Context = ServerContext

    let gate: Gate
    let edge: Edge
    let limits: ServerLimits
    let paths: KnownPaths
    let requests: RequestCounts
    let logger: Logger

    @concurrent
    func handle(
        _ request: Request, context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let started = ContinuousClock.now
        var context = context
        context.client = edge.client(of: request, on: context)
        var response: Response
        do {
            try gate.check(request, from: context.client)
            let (body, isWhole) = try await limits.read(request)
            let whole = Request(head: request.head, body: RequestBody(buffer: body ?? ByteBuffer()))
            response = try await answer(whole, context, next)
            if !isWhole { response = response.closing(context.channel) }
        } catch let problem as Problem {
            response = problem.response
            if [.contentTooLarge, .requestTimeout].contains(problem.code) {
                response = response.closing(context.channel)
            }
        }
        if let place = response.headers[.location], place.hasPrefix("/") {
            response.headers[.location] = edge.basePath + place
        }
        response.headers[.cacheControl] = "no-store"
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
        if request.method == .head { response = response.createHeadResponse() }
        let duration = ContinuousClock.now - started
        let route = context.isOutside ? nil : paths.route(of: request.uri.path)
        requests.add(
            route: route, method: request.method.rawValue, status: response.status.code, duration: duration)
        edge.accessLog?.write(
            AccessLog.Entry(
                method: request.method.rawValue, route: route, status: response.status.code,
                bytes: response.body.contentLength, duration: duration, client: context.client,
                agent: request.headers[.userAgent]))
        return response
    }

    private func answer(
        _ request: Request, _ context: ServerContext,
        _ next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        do {
            guard !context.isOutside else { throw Problem(.notFound, "Nothing is here.") }
            return try await next(request, context)
        } catch let problem as Problem {
            throw problem
        } catch let error as HTTPError where error.status == .notFound {
            throw missing(request)
        } catch {
            let route = paths.route(of: request.uri.path) ?? RequestCounts.other
            logger.error("a request failed", metadata: ["route": "\(route)", "error": "\(error)"])
            throw Problem(.internal, "Something went wrong here; the log says what.")
        }
    }

    private func missing(_ request: Request) -> Problem {
        let methods = paths.methods(for: request.uri.path)
        return methods.isEmpty
            ? Problem(.notFound, "Nothing is here.")
            : Problem(.methodNotAllowed, "This is not a method of this path.", allowed: methods)
    }
}

extension Response {
    /// Ends the connection after this answer: what else was being sent is not worth reading.
    fileprivate func closing(_ channel: any NIOCore.Channel) -> Response {
        let whole = body
        var headers = headers
        headers[.connection] = "close"
        return Response(
            status: status, headers: headers,
            body: ResponseBody(contentLength: whole.contentLength) { writer in
                try await whole.write(writer)
                channel.close(mode: .input, promise: nil)
            })
    }
}
