import Hummingbird
import VitalsCore

/// Lets in who may ask, before anything else is looked at.
struct Gate: Sendable {
    /// Answered without a token: they say nothing that others may not know.
    static let publicPaths = Set(
        ["/health", "/healthz", "/livez", "/readyz"] + ReadinessController.names.map { "/readyz/\($0)" })

    let access: Access
    /// By which pages of this server may be known, wherever it is reached: `https://status.example.com`.
    var ownOrigin: String?

    /// - Parameter client: behind proxies, the one that they ask for.
    func check(_ request: Request, from client: Client = Client()) throws(Problem) {
        // The first is the authority; one left among the fields is a second one.
        guard !request.headers.contains(where: { $0.name.canonicalName == "host" }) else {
            throw Problem(.badRequest, "The request has more than one Host.")
        }
        try checkHost(request.head.authority)
        if case .token = access, !Self.isPublic(request.uri.path), !isTrusted(request) {
            throw Problem(.unauthorized, "This needs the header Authorization: Bearer <token>.")
        }
        if !PingPaths.isPing(request.uri.path) { try checkOrigin(request, client) }
    }

    private static func isPublic(_ path: String) -> Bool {
        publicPaths.contains(path) || PingPaths.isPing(path)
    }

    /// Whether the asker may see what is not for everybody: it showed the token, or is on this machine.
    func isTrusted(_ request: Request) -> Bool {
        switch access {
        case .token(let token): token.matches(Self.bearer(in: request.headers))
        case .loopback: true
        case .anyone: false
        }
    }

    private func checkHost(_ authority: String?) throws(Problem) {
        guard access == .loopback, let authority else { return }
        guard HostName(authority).isLoopback else {
            throw Problem(
                .forbiddenHost,
                "Without a token this server answers only to localhost and to loopback addresses.")
        }
    }

    /// A browser names the page that sends it in `Origin`: a page of another server has no business changing
    /// anything here.
    private func checkOrigin(_ request: Request, _ client: Client) throws(Problem) {
        guard ![.get, .head, .options].contains(request.method) else { return }
        for origin in request.headers[values: .origin] where origin.lowercased() != ownOrigin {
            let parts = origin.lowercased().split(
                separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
            let isSecure = client.scheme == nil || parts.first == "\(client.scheme ?? ""):"
            guard parts.count == 3, isSecure, let host = client.host ?? request.head.authority?.lowercased(),
                parts[2] == host
            else {
                throw Problem(.forbiddenOrigin, "A page of another origin may not change anything here.")
            }
        }
    }

    private static func bearer(in headers: HTTPFields) -> String {
        let words = (headers[.authorization] ?? "").split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].lowercased() == "bearer" else { return "" }
        return String(words[1])
    }
}
