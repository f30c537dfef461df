import Hummingbird

/// Which methods each path knows, for the answer to those it does not.
struct KnownPaths: Sendable {
    struct Route: Sendable {
        /// As it was declared: `/api/v1/systems/{id}`.
        let path: String
        /// Nothing stands for any one part.
        fileprivate let parts: [String?]
        var methods: [String]

        fileprivate func matches(_ path: [Substring]) -> Bool {
            guard parts.count == path.count else { return false }
            return zip(parts, path).allSatisfy { part, given in part.map { $0 == given } ?? true }
        }
    }

    private(set) var routes: [Route] = []

    init(of router: Router<ServerContext>) {
        for route in router.routes {
            let path = route.path.description
            let parts = Self.parts(of: path).map { $0.hasPrefix("{") ? nil : String($0) }
            let methods = [route.method.rawValue] + (route.method == .get ? ["HEAD"] : [])
            if let index = routes.firstIndex(where: { $0.path == path }) {
                routes[index].methods += methods
            } else {
                routes.append(Route(path: path, parts: parts, methods: methods))
            }
        }
    }

    /// In the order in which they were declared; none for a path that is not known at all.
    func methods(for path: String) -> [String] {
        first(for: path)?.methods ?? []
    }

    /// As it was declared; nothing for a path that is not known at all.
    func route(of path: String) -> String? {
        first(for: path)?.path
    }

    private func first(for path: String) -> Route? {
        let parts = Self.parts(of: path)
        return routes.first { $0.matches(parts) }
    }

    private static func parts(of path: String) -> [Substring] {
        path.split(separator: "/")
    }
}
