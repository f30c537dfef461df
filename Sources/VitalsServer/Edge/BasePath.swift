import Hummingbird

/// Takes from every request the path under which the whole server is, so that nothing behind it need know.
/// The health endpoints are answered without it, too: whoever looks after this process asks it directly.
struct BasePath<Inner: HTTPResponder>: HTTPResponder where Inner.Context == ServerContext {
    /// `/vitals`; empty: everything is where it says.
    let path: String
    let inner: Inner

    @concurrent
    func respond(to request: Request, context: ServerContext) async throws -> Response {
        guard !path.isEmpty, !Gate.publicPaths.contains(request.uri.path) else {
            return try await inner.respond(to: request, context: context)
        }
        var context = context
        var head = request.head
        if let inside = Self.inside(request.uri.path, of: path) {
            head.path = inside + (request.uri.query.map { "?\($0)" } ?? "")
        } else {
            context.isOutside = true
        }
        return try await inner.respond(to: Request(head: head, body: request.body), context: context)
    }

    /// What remains of a path without its beginning; nothing if it begins otherwise.
    static func inside(_ path: String, of base: String) -> String? {
        guard path.hasPrefix(base) else { return nil }
        let rest = path.dropFirst(base.count)
        return rest.isEmpty ? "/" : rest.first == "/" ? String(rest) : nil
    }
}
